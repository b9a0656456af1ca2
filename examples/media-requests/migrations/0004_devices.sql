CREATE TABLE device (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id bigint NOT NULL REFERENCES account ON DELETE CASCADE,
    name       text NOT NULL,
    -- The media server's token, sealed by the application's vault.
    sealed     bytea NOT NULL,
    UNIQUE (account_id, name)
);
