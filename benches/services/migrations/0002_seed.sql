INSERT INTO author (name) SELECT 'author ' || n FROM generate_series(1, 100) n;
INSERT INTO book (author, title) SELECT n % 100 + 1, 'book ' || n FROM generate_series(1, 900) n;
