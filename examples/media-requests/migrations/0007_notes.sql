-- What our editors say of a title in place of what the metadata API says.
CREATE TABLE title_note (
    kind     text NOT NULL CHECK (kind IN ('film', 'series')),
    title_id bigint NOT NULL,
    overview text NOT NULL,
    PRIMARY KEY (kind, title_id)
);
