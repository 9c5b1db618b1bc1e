"""The tables of the store as migrations: each script raises `user_version` by one."""

import re
import sqlite3
from collections.abc import Iterator

# A released script is never edited, since stores made by it exist.
MIGRATIONS = (
    """
    CREATE TABLE release (
      id TEXT PRIMARY KEY,
      number INTEGER NOT NULL UNIQUE,     -- grows with every change to any release
      state TEXT NOT NULL,                -- present, gone, hidden
      site TEXT NOT NULL,
      url TEXT NOT NULL UNIQUE,
      record TEXT NOT NULL,               -- the Release as JSON
      text_digest TEXT NOT NULL,          -- of title, lead, body and date: finds the same text at another URL
      first_seen TEXT NOT NULL,
      changed TEXT NOT NULL,
      cluster TEXT NOT NULL,
      moved_to TEXT REFERENCES release,   -- the release that took this one's place
      struck TEXT,                        -- the day on which it was first missed
      gone_at TEXT
    ) STRICT;
    CREATE INDEX release_by_text ON release (site, text_digest);
    CREATE VIEW stored AS SELECT id, number, state, record, first_seen, changed, cluster FROM release;

    CREATE TABLE revision (
      release TEXT NOT NULL REFERENCES release,
      until TEXT NOT NULL,
      title TEXT NOT NULL,
      lead TEXT NOT NULL,
      body TEXT NOT NULL,
      published TEXT
    ) STRICT;
    CREATE INDEX revision_by_release ON revision (release, until);

    CREATE TABLE alias (
      url TEXT PRIMARY KEY,
      release TEXT NOT NULL REFERENCES release
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX alias_by_release ON alias (release);

    CREATE TABLE takedown (url TEXT PRIMARY KEY, since TEXT NOT NULL) STRICT, WITHOUT ROWID;

    CREATE TABLE page (                   -- the last good answer of a URL
      url TEXT PRIMARY KEY,               -- as asked
      answered TEXT NOT NULL,             -- after redirects
      fetched TEXT NOT NULL,
      etag TEXT,
      last_modified TEXT,
      digest TEXT NOT NULL,               -- of the body
      status INTEGER NOT NULL,
      headers TEXT NOT NULL,
      body BLOB NOT NULL                  -- zlib
    ) STRICT;

    CREATE TABLE held (                   -- what is not believed before the whole site has been seen
      release TEXT PRIMARY KEY REFERENCES release,
      site TEXT NOT NULL,
      asked TEXT NOT NULL,                -- the URL that answered so
      record TEXT,                        -- the new Release; NULL: the release is missing
      aliases TEXT NOT NULL,              -- JSON list
      reason TEXT NOT NULL,
      seen TEXT NOT NULL
    ) STRICT;

    CREATE TABLE run (
      id INTEGER PRIMARY KEY,
      started INTEGER NOT NULL,           -- Unix time, as all times below
      finished INTEGER
    ) STRICT;

    CREATE TABLE frontier (
      url TEXT NOT NULL UNIQUE,           -- canonical
      ask TEXT NOT NULL,                  -- as it was found
      site TEXT NOT NULL,
      kind TEXT NOT NULL,                 -- list, feed, sitemap, release
      depth INTEGER NOT NULL,             -- pages walked from the start page
      source TEXT,                        -- what named it: list, feed, sitemap
      title TEXT,                         -- as the list page says
      published TEXT,                     -- the same
      lastmod TEXT,                       -- as the sitemap or feed says
      nudged INTEGER NOT NULL DEFAULT 0,  -- 1: due because of a newer lastmod
      lastmod_right INTEGER,              -- whether the last nudge led to a change
      due INTEGER NOT NULL,               -- below zero: see frontier.py
      checked INTEGER NOT NULL DEFAULT 0, -- last answer
      changed INTEGER NOT NULL DEFAULT 0, -- last answer that was new or differed
      early INTEGER NOT NULL DEFAULT 0,   -- last time it was asked before it was due
      links_digest TEXT,                  -- of what a list page links to: finds pages that repeat
      found INTEGER NOT NULL,             -- the run that found it
      run INTEGER NOT NULL DEFAULT 0,     -- the last run that dealt with it
      outcome TEXT,                       -- in that run
      reason TEXT
    ) STRICT;
    CREATE INDEX frontier_by_due ON frontier (site, due);
    CREATE INDEX frontier_by_run ON frontier (run, site, outcome);
    """,
    """
    CREATE TABLE band (                   -- of MinHash signatures: near-duplicates share one
      key TEXT NOT NULL,
      release TEXT NOT NULL REFERENCES release,
      PRIMARY KEY (key, release)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX band_by_release ON band (release);

    CREATE TABLE same (                   -- pairs that say the same, both ways
      release TEXT NOT NULL REFERENCES release,
      other TEXT NOT NULL REFERENCES release,
      PRIMARY KEY (release, other)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE clustered (number INTEGER NOT NULL) STRICT;  -- the last change that is clustered
    INSERT INTO clustered VALUES (0);
    """,
    """
    CREATE TABLE attachment (url TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT, WITHOUT ROWID;

    CREATE TABLE attached (               -- which releases link to which file
      url TEXT NOT NULL,
      release TEXT NOT NULL REFERENCES release,
      PRIMARY KEY (url, release)
    ) STRICT, WITHOUT ROWID;
    """,
    """
    CREATE TABLE sent_away (              -- hosts that asked by Retry-After to be left alone
      host TEXT PRIMARY KEY,
      until INTEGER NOT NULL              -- Unix time
    ) STRICT, WITHOUT ROWID;
    """,
    """
    CREATE TABLE robots_unread (          -- origins left alone because their robots.txt cannot be read
      origin TEXT PRIMARY KEY,            -- https://host
      until INTEGER NOT NULL,             -- Unix time
      why TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    -- What a page that was refused was read by: read so again, it would be refused again; NULL: a release,
    -- list, feed or file.
    ALTER TABLE page ADD COLUMN refused_by TEXT;
    """,
    """
    ALTER TABLE release ADD COLUMN digest TEXT NOT NULL DEFAULT '';  -- of all other columns, in order
    UPDATE release SET digest = row_digest(
      id, number, state, site, url, record, text_digest, first_seen, changed, cluster,
      moved_to, struck, gone_at
    );
    DROP VIEW stored;
    CREATE INDEX release_by_successor ON release (moved_to) WHERE moved_to IS NOT NULL;
    """,
    """
    ALTER TABLE band RENAME TO old_band;
    DROP INDEX band_by_release;
    CREATE TABLE band (                   -- of MinHash signatures: near-duplicates share one
      -- The key first, in its order: SQLite 3.40 finds a NULL in the last of these columns otherwise.
      key TEXT NOT NULL,
      period INTEGER NOT NULL,            -- the fortnight of the day, counted from 0001-01-01; 0: no day
      site TEXT NOT NULL,
      release TEXT NOT NULL REFERENCES release,
      published TEXT NOT NULL,            -- the day; empty where there is none
      PRIMARY KEY (key, period, site, release)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX band_by_release ON band (release);
    WITH dated AS (
      SELECT key, site, iif(json_valid(record), record ->> 'published', NULL) AS published, release
      FROM old_band JOIN release ON release.id = old_band.release
    ), placed AS (
      SELECT *, cast(coalesce((julianday(published) - 1721424.5) / 14, 0) AS INTEGER) AS period FROM dated
    ), counted AS (
      SELECT *, row_number() OVER (PARTITION BY key, period, site) AS place FROM placed
    )
    INSERT INTO band
      SELECT key, period, site, release, coalesce(published, '') FROM counted WHERE place <= 64;
    DROP TABLE old_band;
    """,
    """
    -- When this text was last seen on the site: the edit happened between then and `until`; NULL: unknown.
    ALTER TABLE revision ADD COLUMN seen TEXT;
    """,
    """
    ALTER TABLE held RENAME TO old_held;
    CREATE TABLE held (                   -- readings that are not taken yet
      asked TEXT PRIMARY KEY,             -- the URL that answered so
      release TEXT REFERENCES release,    -- the known release; NULL: none is stored at the URL
      site TEXT NOT NULL,
      record TEXT,                        -- the Release as read; NULL: the release is missing or unreadable
      aliases TEXT NOT NULL,              -- JSON list
      reason TEXT NOT NULL,
      since TEXT NOT NULL,                -- when the URL first answered so
      seen TEXT NOT NULL,                 -- when it last did
      identity TEXT NOT NULL,             -- same, likely, possible, strange, flickers
      doubt TEXT NOT NULL,                -- why it is not taken at once
      flicker TEXT NOT NULL,              -- JSON list: places that differ in each reading, and how often
      outline TEXT NOT NULL               -- JSON list: the text of a page that could not be read
    ) STRICT, WITHOUT ROWID;
    INSERT OR REPLACE INTO held
      SELECT asked, release, site, record, aliases, reason, seen, seen, 'likely', '', '[]', '[]'
      FROM old_held;
    DROP TABLE old_held;
    CREATE INDEX held_by_release ON held (release);
    """,
    """
    ALTER TABLE revision RENAME TO old_revision;
    DROP INDEX revision_by_release;
    CREATE TABLE version (                -- each text that a release had; never deleted or renumbered
      release TEXT NOT NULL,              -- no reference: a release that is discarded leaves its versions
      number INTEGER NOT NULL,            -- of the release, from 1
      kind TEXT NOT NULL,                 -- first, edit, reread, withdrawal
      edited INTEGER NOT NULL DEFAULT 0,  -- 1: an edit replaced it, or a merge, and nothing has undone that
      after TEXT,                         -- when the text before it was last seen; NULL: unknown
      since TEXT NOT NULL,                -- when it was first read
      seen TEXT,                          -- when it was last seen; NULL: unknown, or it is the release's
      until TEXT,                         -- when the next text was first read; NULL: it is the release's
      kept INTEGER NOT NULL DEFAULT 1,    -- 0: lead and body are dropped, since there are too many
      published TEXT,
      title TEXT,                         -- NULL, as lead and body: it is the release's
      lead TEXT,
      body TEXT,
      PRIMARY KEY (release, number)
    ) STRICT;
    CREATE INDEX version_by_edit ON version (release, until) WHERE edited = 1;
    INSERT INTO version (
      release, number, kind, edited, after, since, seen, until, published, title, lead, body
    )
      SELECT release, row_number() OVER texts, iif(row_number() OVER texts = 1, 'first', 'edit'), 1,
        NULL, coalesce(lag(until) OVER texts, first_seen),
        seen, until, old_revision.published, title, lead, body
      FROM old_revision JOIN release ON id = release
      WINDOW texts AS (PARTITION BY release ORDER BY until, old_revision.rowid);
    WITH last AS (
      SELECT id, first_seen, moved_to, changed, iif(json_valid(record), record, '{}') AS record,
        (SELECT max(number) FROM version WHERE release = id) AS number
      FROM release
    ), replaced AS (                      -- a merge made a revision of the last text if it was another
      SELECT last.*, version.until, moved_to IS NOT NULL AND version.until IS changed
        AND (title, lead, body) IS (record ->> 'title', record ->> 'lead', record ->> 'body') AS is_told
      FROM last LEFT JOIN version ON version.release = id AND version.number = last.number
    )
    INSERT INTO version (release, number, kind, since, until, published, title, lead, body)
      SELECT id, coalesce(number, 0) + 1, iif(number IS NULL, 'first', 'edit'),
        coalesce(until, first_seen), iif(moved_to IS NULL, NULL, changed),
        iif(moved_to IS NULL, NULL, record ->> 'published'),
        iif(moved_to IS NULL, NULL, coalesce(record ->> 'title', '')),
        iif(moved_to IS NULL, NULL, coalesce(record ->> 'lead', '')),
        iif(moved_to IS NULL, NULL, coalesce(record ->> 'body', ''))
      FROM replaced WHERE NOT is_told;
    -- A merge gave the age of the older release to the other, which was read by the time of the merge.
    UPDATE version SET since = coalesce(min(merged, coalesce(seen, until)), merged)
      FROM (
        SELECT moved_to, min(changed) AS merged, min(first_seen) AS first_seen FROM release GROUP BY 1
      ) AS old
      WHERE number = 1 AND release = moved_to AND since = old.first_seen;
    UPDATE version SET after = max(earlier.since, coalesce(earlier.seen, earlier.since))
      FROM version AS earlier
      WHERE earlier.release = version.release AND earlier.number = version.number - 1;
    DROP TABLE old_revision;
    CREATE VIEW revision AS               -- the earlier texts that edits replaced
      SELECT release, until, title, lead, body, published, seen, number, kept FROM version
      WHERE edited = 1;

    CREATE TABLE event (                  -- what happened to releases; never deleted
      number INTEGER PRIMARY KEY,         -- of the same sequence as those of releases
      at TEXT NOT NULL,
      kind TEXT NOT NULL,
      release TEXT NOT NULL,
      version INTEGER NOT NULL,           -- its number since then
      successor TEXT                      -- of a merge: the release that took its place
    ) STRICT;
    CREATE INDEX event_by_release ON event (release, number);
    WITH known AS (
      SELECT since AS at, iif(kind = 'first', 'new', kind) AS kind, release, number AS version,
        NULL AS successor
      FROM version
      UNION ALL SELECT gone_at, 'removal', id, 0, NULL FROM release WHERE gone_at IS NOT NULL
      UNION ALL SELECT changed, 'merge', id, 0, moved_to FROM release WHERE moved_to IS NOT NULL
      UNION ALL SELECT changed, 'hide', id, 0, NULL FROM release WHERE state = 'hidden' AND moved_to IS NULL
    )
    INSERT INTO event
      SELECT row_number() OVER (ORDER BY at, version = 0, release, version), at, kind, release,
        iif(version = 0, (SELECT max(number) FROM version WHERE version.release = known.release), version),
        successor
      FROM known;

    CREATE TABLE epoch (id TEXT NOT NULL) STRICT;  -- another one since each restore: events may differ
    INSERT INTO epoch VALUES (lower(hex(randomblob(8))));
    """,
    """
    -- The log of versions (docs/log.md); empty unless `releases init-log` was run.
    CREATE TABLE log_leaf (position INTEGER PRIMARY KEY, entry BLOB NOT NULL) STRICT;
    CREATE TABLE log_tile (               -- hashes of its tree; the last tile of a level grows
      level INTEGER NOT NULL,
      number INTEGER NOT NULL,
      hashes BLOB NOT NULL,
      PRIMARY KEY (level, number)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE log_nonce (              -- opens the commitment of a version; a takedown deletes it
      release TEXT NOT NULL,
      version INTEGER NOT NULL,
      position INTEGER NOT NULL,          -- of its leaf
      nonce BLOB NOT NULL,
      masking INTEGER NOT NULL,           -- the version of the rules by which the text was masked
      PRIMARY KEY (release, version)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE log_begun (at TEXT NOT NULL) STRICT;
    CREATE TRIGGER log_takedown AFTER UPDATE OF state, moved_to ON release
    WHEN new.state = 'hidden' AND (
      new.moved_to IS NULL OR (SELECT state FROM release WHERE id = new.moved_to) = 'hidden'
    )
    BEGIN
      DELETE FROM log_nonce
      WHERE release = new.id OR release IN (SELECT id FROM release WHERE moved_to = new.id);
    END;
    """,
    """
    CREATE TABLE held_page (              -- the answer that was read for a pending change; as in `page`
      url TEXT PRIMARY KEY,
      answered TEXT NOT NULL,
      fetched TEXT NOT NULL,
      status INTEGER NOT NULL,
      headers TEXT NOT NULL,
      body BLOB NOT NULL
    ) STRICT;
    CREATE TRIGGER held_page_ends AFTER DELETE ON held
    BEGIN
      DELETE FROM held_page WHERE url = old.asked;
    END;
    CREATE TRIGGER held_page_changes AFTER INSERT ON held
    BEGIN
      DELETE FROM held_page WHERE url = new.asked;
    END;
    """,
    """
    -- Of a removal: when the site was last seen to have the release; NULL: unknown.
    ALTER TABLE event ADD COLUMN seen TEXT;
    UPDATE event SET seen = (
      SELECT seen FROM version WHERE version.release = event.release AND version.number = event.version
    )
    WHERE kind = 'removal' AND NOT EXISTS (
      SELECT 1 FROM event AS later WHERE later.release = event.release AND later.version = event.version
        AND later.number > event.number
    );
    """,
    """
    -- Translations are in one cluster, too: the next crawl looks at all releases again.
    UPDATE clustered SET number = 0;
    """,
    """
    -- Of the text, as JSON; NULL: it is in the record of the release, or was not kept.
    ALTER TABLE version ADD COLUMN structure TEXT;
    DROP VIEW revision;
    CREATE VIEW revision AS               -- the earlier texts that edits replaced
      SELECT release, until, title, lead, body, published, seen, number, kept, structure FROM version
      WHERE edited = 1;
    """,
    """
    -- When a text that was held until it was sure was first read; NULL: when it came into the store.
    ALTER TABLE version ADD COLUMN read TEXT;
    ALTER TABLE held ADD COLUMN read TEXT;
    DROP VIEW revision;
    CREATE VIEW revision AS               -- the earlier texts that edits replaced
      SELECT release, until, title, lead, body, published, seen, number, kept, structure,
        coalesce((SELECT read FROM version AS later
          WHERE later.release = version.release AND later.number = version.number + 1), until) AS replaced
      FROM version WHERE edited = 1;
    """,
)


def statements_of(script: str) -> Iterator[str]:
    """Yield the statements of *script*; a semicolon in a comment ends none."""
    statement = ""
    for part in re.split("(?<=;)", script):
        statement += part
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
