CREATE TABLE account (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name       text NOT NULL CHECK (name <> ''),
    password   text NOT NULL,
    role       text NOT NULL CHECK (role IN ('member', 'editor')),
    created_at timestamptz NOT NULL DEFAULT now()
);

-- `Ada` and `ada` are one person.
CREATE UNIQUE INDEX account_name ON account (lower(name));
