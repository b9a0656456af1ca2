CREATE TABLE poster (
    request_id bigint PRIMARY KEY REFERENCES request ON DELETE CASCADE,
    file       text NOT NULL UNIQUE,
    media_type text NOT NULL,
    bytes      bigint NOT NULL CHECK (bytes > 0)
);
