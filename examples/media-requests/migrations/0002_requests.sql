CREATE TABLE request (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id bigint NOT NULL REFERENCES account ON DELETE CASCADE,
    kind       text NOT NULL CHECK (kind IN ('film', 'series')),
    title_id   bigint NOT NULL,
    title      text NOT NULL,
    season     integer CHECK (season > 0),
    status     text NOT NULL DEFAULT 'pending'
               CHECK (status IN ('pending', 'approved', 'available', 'declined', 'cancelled')),
    -- What makes two requests of one account the same request.
    sameness   text NOT NULL,
    job        text,
    reason     text,
    created_at timestamptz NOT NULL DEFAULT now(),
    CHECK (season IS NULL OR kind = 'series')
);

CREATE UNIQUE INDEX request_open ON request (account_id, sameness)
    WHERE status IN ('pending', 'approved');
CREATE INDEX request_status ON request (status, id);

CREATE TABLE idempotency_key (
    account_id bigint NOT NULL REFERENCES account ON DELETE CASCADE,
    key        text NOT NULL,
    asked_for  text NOT NULL,
    request_id bigint NOT NULL REFERENCES request ON DELETE CASCADE,
    PRIMARY KEY (account_id, key)
);
