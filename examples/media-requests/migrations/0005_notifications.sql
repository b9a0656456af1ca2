CREATE TABLE notification (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id bigint NOT NULL REFERENCES account ON DELETE CASCADE,
    event      text NOT NULL,
    body       jsonb NOT NULL,
    read       boolean NOT NULL DEFAULT false,
    pushed     boolean NOT NULL DEFAULT false
);

CREATE INDEX notification_unread ON notification (account_id, id) WHERE NOT read;
CREATE INDEX notification_unpushed ON notification (id) WHERE NOT pushed;
