//! What may become of a request.

#[phasegate::suite(phase = "A", tags = ["quick"])]
mod steps {
    use media_requests::request::Status::{
        self, Approved, Available, Cancelled, Declined, Pending,
    };

    const ALL: [Status; 5] = [Pending, Approved, Available, Declined, Cancelled];

    #[phasegate::test]
    fn only_four_steps_are_allowed() {
        let mut steps = Vec::new();
        for from in ALL {
            for to in ALL {
                if from.may_become(to) {
                    steps.push((from, to));
                }
            }
        }
        let allowed = [
            (Pending, Approved),
            (Pending, Declined),
            (Pending, Cancelled),
            (Approved, Available),
        ];
        assert_eq!(steps, allowed);
    }

    #[phasegate::test]
    fn names_are_read_as_they_are_written() -> phasegate::Result {
        for status in ALL {
            assert_eq!(status.as_str().parse::<Status>()?, status);
        }
        assert!("Pending".parse::<Status>().is_err());
        Ok(())
    }
}
