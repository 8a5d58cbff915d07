-- Tokens minted by us, or registered for another sender. What they bind is copied into the session at its start.
create table tokens (
  token text primary key,
  flow text not null,
  version text,
  person jsonb not null default '{}',
  source jsonb not null default '{}',
  language text,
  prefill jsonb not null default '{}',
  created_at timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz
);

-- One person's run through a flow. A token has one run at a time; a new run replaces the finished one.
create table sessions (
  flow text not null,
  token text not null,
  id text not null,
  version text not null,
  -- Counts writes. A write names the revision it was computed from, so of two at once one wins.
  revision integer not null,
  screen text not null,
  form jsonb not null,
  path text[] not null,
  person jsonb not null,
  source jsonb not null,
  language text,
  -- The last exchange that moved the session: a repeat of it is given the same answer again.
  last_request text,
  last_answer jsonb,
  submission_id text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  expires_at timestamptz not null,
  purge_at timestamptz not null,
  primary key (flow, token)
) with (fillfactor = 70);

create index sessions_purge on sessions using brin (purge_at);

create table mappings (
  hash text primary key,
  flow text not null,
  -- As text: the order of its keys is the order of a message's facts.
  content json not null,
  first_used_at timestamptz not null
);

-- A finished form, accepted once.
create table submissions (
  id text primary key,
  flow text not null,
  version text not null,
  session_id text unique,
  -- SHA-256, hex, of flow, identity (else session) and canonical answers.
  key text not null,
  possible_repeat boolean not null default false,
  form jsonb not null,
  person jsonb not null,
  session jsonb not null,
  answer jsonb not null,
  mapping_hash text references mappings (hash),
  request_id text not null,
  accepted_at timestamptz not null
);

create index submissions_accepted on submissions (flow, accepted_at desc);

-- Deduplication: while `until` lies ahead, the same key is a repeat of this submission.
create table marks (
  flow text not null,
  key text not null,
  submission_id text not null,
  until timestamptz not null,
  primary key (flow, key)
);

create index marks_until on marks (until);

-- One record or notification on its way. This row is the truth; a job is only a hint to look at it.
create table deliveries (
  id text primary key,
  submission_id text not null references submissions (id),
  kind text not null check (kind in ('record', 'notification')),
  item text not null,
  destination text not null,
  state text not null check (state in ('waiting', 'pending', 'delivered', 'skipped', 'failed', 'unknown')),
  waits_for text[] not null default '{}',
  mapping_hash text not null references mappings (hash),
  -- Attempts that count against the schedule, and all that were begun.
  counted integer not null default 0,
  attempts integer not null default 0,
  next_attempt_at timestamptz,
  -- A worker holds the delivery until then.
  leased_until timestamptz,
  -- When a job was last sent for it; the sweeper sends another where none can still be on its way.
  hinted_at timestamptz,
  resend boolean not null default false,
  rate_limited_since timestamptz,
  receipt jsonb,
  failure jsonb,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  settled_at timestamptz,
  unique (submission_id, kind, item)
) with (fillfactor = 80);

create index deliveries_due on deliveries (next_attempt_at) where state = 'pending';
create index deliveries_open on deliveries (destination, created_at) where state in ('pending', 'failed', 'unknown');
create index deliveries_recent on deliveries (created_at desc);

create table attempts (
  id text primary key,
  delivery_id text not null references deliveries (id),
  number integer not null,
  started_at timestamptz not null,
  ended_at timestamptz,
  worker text not null,
  mapping_hash text not null,
  -- What was handed to the plugin, personal fields masked.
  input jsonb,
  receipt jsonb,
  failure jsonb,
  unique (delivery_id, number)
);

-- What all processes know of a destination. A row appears with the first thing worth knowing.
create table destinations (
  name text primary key,
  state text not null default 'active' check (state in ('active', 'paused')),
  paused_by text check (paused_by in ('failure', 'operator')),
  failure jsonb,
  changed_at timestamptz not null,
  -- The circuit: open from the fifth retryable failure in a row until the next success.
  failures_in_row integer not null default 0,
  open_since timestamptz,
  probe_at timestamptz,
  probe_delay_seconds integer,
  -- A rate limit holds every delivery until then.
  blocked_until timestamptz,
  -- When a paused destination's health is asked next.
  health_at timestamptz
);

-- Operators' alerts. One open row per condition.
create table alerts (
  id text primary key,
  condition text not null,
  severity text not null check (severity in ('warning', 'error')),
  title text not null,
  text text not null,
  facts jsonb not null default '{}',
  count integer not null default 1,
  opened_at timestamptz not null,
  last_seen_at timestamptz not null,
  closed_at timestamptz,
  -- What the notification destination was told, so that a crash between the two neither loses nor repeats a message.
  told_open_at timestamptz,
  told_close_at timestamptz,
  -- Tries of the message on its way (opening or closing), and when the next may begin: one process tells at a time.
  tell_tries integer not null default 0,
  tell_after timestamptz
);

create unique index alerts_open on alerts (condition) where closed_at is null;
create index alerts_untold on alerts (opened_at) where told_open_at is null or (closed_at is not null and told_close_at is null);

-- Requests counted by each process, settled once a second so that all processes know the sum.
create unlogged table request_counts (
  key text not null,
  window_start timestamptz not null,
  process text not null,
  count integer not null,
  primary key (key, window_start, process)
);
