//! Which environment variables hold secrets, told by their names.

/// Parts of a name that mark its value as a secret.
const SECRET_PARTS: [&str; 7] = [
    "TOKEN",
    "SECRET",
    "PASSWORD",
    "PASSWD",
    "API_KEY",
    "PRIVATE_KEY",
    "CREDENTIAL",
];

/// Whether a variable of this name holds a secret. `extra` are names or globs with `*`. Case does
/// not count.
pub(super) fn is_secret(name: &str, extra: &[String]) -> bool {
    let name = name.to_ascii_uppercase();
    SECRET_PARTS.iter().any(|part| name.contains(part))
        || extra
            .iter()
            .any(|glob| glob_matches(glob.to_ascii_uppercase().as_bytes(), name.as_bytes()))
}

/// Whether `glob`, in which `*` stands for any bytes, matches all of `text`.
fn glob_matches(glob: &[u8], text: &[u8]) -> bool {
    let (mut g, mut t) = (0, 0);
    // Where the last star stands, and how much of the text it has taken.
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        if glob.get(g) == Some(&b'*') {
            star = Some((g, t));
            g += 1;
        } else if glob.get(g) == Some(&text[t]) {
            g += 1;
            t += 1;
        } else if let Some((at, taken)) = star {
            star = Some((at, taken + 1));
            g = at + 1;
            t = taken + 1;
        } else {
            return false;
        }
    }
    glob[g..].iter().all(|&b| b == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_secrets_are_known() {
        for name in [
            "GITHUB_TOKEN",
            "db_password",
            "AWS_SECRET_ACCESS_KEY",
            "X_API_KEY_2",
        ] {
            assert!(is_secret(name, &[]), "{name}");
        }
        for name in ["PATH", "HOME", "MY_PIN", "KEYBOARD"] {
            assert!(!is_secret(name, &[]), "{name}");
        }
        let extra = ["MY_PIN".to_owned(), "VAULT_*_PHRASE".to_owned()];
        assert!(is_secret("MY_PIN", &extra) && is_secret("VAULT_EU_PHRASE", &extra));
        assert!(!is_secret("MY_PIN_2", &extra) && !is_secret("VAULT_PHRASE2", &extra));
    }

    #[test]
    fn stars_stand_for_anything() {
        for (glob, text) in [
            ("*", ""),
            ("a*", "a"),
            ("*b*", "abc"),
            ("a*b*c", "aXbbYc"),
            ("", ""),
        ] {
            assert!(
                glob_matches(glob.as_bytes(), text.as_bytes()),
                "{glob} {text}"
            );
        }
        for (glob, text) in [("", "a"), ("a*b", "a"), ("*a", "ab"), ("a**c", "ab")] {
            assert!(
                !glob_matches(glob.as_bytes(), text.as_bytes()),
                "{glob} {text}"
            );
        }
    }
}
