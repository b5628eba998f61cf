DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'cyberdesk_app') THEN CREATE ROLE cyberdesk_app NOLOGIN NOBYPASSRLS; END IF; END $$
--;
GRANT cyberdesk_app TO CURRENT_USER
--;
GRANT USAGE ON SCHEMA public TO cyberdesk_app
--;
CREATE TABLE audit_checkpoints (
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	size BIGINT NOT NULL, 
	note TEXT NOT NULL, 
	frontier BYTEA NOT NULL, 
	id UUID NOT NULL, 
	CONSTRAINT pk_audit_checkpoints PRIMARY KEY (id), 
	CONSTRAINT uq_audit_checkpoints_size UNIQUE (size)
)
--;
CREATE TABLE audit_entries (
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	actor_kind TEXT NOT NULL, 
	actor_id UUID, 
	actor_name TEXT NOT NULL, 
	action TEXT NOT NULL, 
	subject_type TEXT NOT NULL, 
	subject_id UUID, 
	case_id UUID, 
	key_id UUID, 
	salt BYTEA NOT NULL, 
	payload BYTEA NOT NULL, 
	plain_hash BYTEA, 
	id UUID NOT NULL, 
	CONSTRAINT pk_audit_entries PRIMARY KEY (id), 
	CONSTRAINT ck_audit_entries_salt_length CHECK (octet_length(salt) = 16), 
	CONSTRAINT ck_audit_entries_plain_names CHECK (action || actor_kind || subject_type !~ '["\\[:cntrl:]]')
)
--;
CREATE TABLE audit_tree (
	id INTEGER NOT NULL, 
	frontier BYTEA NOT NULL, 
	CONSTRAINT pk_audit_tree PRIMARY KEY (id), 
	CONSTRAINT ck_audit_tree_only_one CHECK (id = 1)
)
--;
CREATE TABLE audit_verdicts (
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	by TEXT NOT NULL, 
	size BIGINT NOT NULL, 
	signed BIGINT NOT NULL, 
	fault TEXT NOT NULL, 
	id UUID NOT NULL, 
	CONSTRAINT pk_audit_verdicts PRIMARY KEY (id)
)
--;
CREATE TABLE connector_setups (
	name TEXT NOT NULL, 
	key_id UUID NOT NULL, 
	enabled BOOLEAN NOT NULL, 
	from_environment BOOLEAN NOT NULL, 
	settings JSONB NOT NULL, 
	secrets_sealed BYTEA, 
	secrets_set JSONB NOT NULL, 
	changed_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	changed_by TEXT NOT NULL, 
	tested_at TIMESTAMP WITH TIME ZONE, 
	tested_ok BOOLEAN, 
	tested_said TEXT, 
	tested_reason TEXT, 
	tested_ms INTEGER, 
	used_at TIMESTAMP WITH TIME ZONE, 
	used_ok BOOLEAN, 
	used_said TEXT, 
	used_reason TEXT, 
	look_due TIMESTAMP WITH TIME ZONE, 
	look_until TIMESTAMP WITH TIME ZONE, 
	look_failures INTEGER NOT NULL, 
	look_position JSONB NOT NULL, 
	look_kept JSONB NOT NULL, 
	looked_at TIMESTAMP WITH TIME ZONE, 
	looked_found JSONB NOT NULL, 
	id UUID NOT NULL, 
	CONSTRAINT pk_connector_setups PRIMARY KEY (id), 
	CONSTRAINT uq_connector_setups_name UNIQUE (name)
)
--;
CREATE TABLE data_keys (
	kind TEXT NOT NULL, 
	holder_id UUID, 
	kek_id TEXT NOT NULL, 
	wrapped BYTEA, 
	created_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	destroyed_at TIMESTAMP WITH TIME ZONE, 
	id UUID NOT NULL, 
	CONSTRAINT pk_data_keys PRIMARY KEY (id)
)
--;
CREATE TABLE kept_forms (
	version TEXT NOT NULL, 
	strand TEXT NOT NULL, 
	document TEXT NOT NULL, 
	kept_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_kept_forms PRIMARY KEY (version)
)
--;
CREATE TABLE letters (
	key_id UUID NOT NULL, 
	case_id UUID, 
	kind TEXT NOT NULL, 
	language TEXT NOT NULL, 
	exercise BOOLEAN NOT NULL, 
	to_sealed BYTEA, 
	facts_sealed BYTEA, 
	created_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	sent_at TIMESTAMP WITH TIME ZONE, 
	failed_at TIMESTAMP WITH TIME ZONE, 
	said TEXT, 
	id UUID NOT NULL, 
	CONSTRAINT pk_letters PRIMARY KEY (id)
)
--;
CREATE TABLE organisations (
	kind TEXT NOT NULL, 
	code TEXT, 
	name TEXT NOT NULL, 
	search TEXT NOT NULL, 
	siren TEXT, 
	parent_id UUID, 
	population INTEGER, 
	facts JSONB NOT NULL, 
	fictional BOOLEAN NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	id UUID NOT NULL, 
	CONSTRAINT pk_organisations PRIMARY KEY (id), 
	CONSTRAINT uq_organisations_kind_code UNIQUE (kind, code), 
	CONSTRAINT fk_organisations_parent_id_organisations FOREIGN KEY(parent_id) REFERENCES organisations (id)
)
--;
CREATE TABLE outbox (
	topic TEXT NOT NULL, 
	payload JSONB NOT NULL, 
	dedup TEXT, 
	due_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	attempts INTEGER NOT NULL, 
	leased_until TIMESTAMP WITH TIME ZONE, 
	token UUID, 
	delivered_at TIMESTAMP WITH TIME ZONE, 
	failed_at TIMESTAMP WITH TIME ZONE, 
	settled_at TIMESTAMP WITH TIME ZONE, 
	last_error TEXT, 
	id UUID NOT NULL, 
	CONSTRAINT pk_outbox PRIMARY KEY (id), 
	CONSTRAINT uq_outbox_dedup UNIQUE (dedup)
)
--;
CREATE TABLE paces (
	key BYTEA NOT NULL, 
	next_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_paces PRIMARY KEY (key)
)
--;
CREATE TABLE people (
	name TEXT NOT NULL, 
	email TEXT NOT NULL, 
	phone TEXT, 
	language TEXT NOT NULL, 
	active BOOLEAN NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	id UUID NOT NULL, 
	CONSTRAINT pk_people PRIMARY KEY (id), 
	CONSTRAINT uq_people_email UNIQUE (email)
)
--;
CREATE TABLE playbook_drafts (
	name TEXT NOT NULL, 
	title JSONB NOT NULL, 
	source TEXT NOT NULL, 
	notation TEXT NOT NULL, 
	origin TEXT NOT NULL, 
	number INTEGER NOT NULL, 
	based_on TEXT, 
	faults INTEGER NOT NULL, 
	begun_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	begun_by TEXT NOT NULL, 
	changed_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	changed_by TEXT NOT NULL, 
	ended_at TIMESTAMP WITH TIME ZONE, 
	published_as TEXT, 
	id UUID NOT NULL, 
	CONSTRAINT pk_playbook_drafts PRIMARY KEY (id)
)
--;
CREATE TABLE playbook_publishers (
	name TEXT NOT NULL, 
	key_id UUID NOT NULL, 
	public_key TEXT NOT NULL, 
	ours BOOLEAN NOT NULL, 
	private_sealed BYTEA, 
	added_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	added_by TEXT NOT NULL, 
	ended_at TIMESTAMP WITH TIME ZONE, 
	id UUID NOT NULL, 
	CONSTRAINT pk_playbook_publishers PRIMARY KEY (id)
)
--;
CREATE TABLE playbook_secrets (
	name TEXT NOT NULL, 
	key_id UUID NOT NULL, 
	fields_sealed BYTEA, 
	hosts JSONB NOT NULL, 
	set_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	set_by TEXT NOT NULL, 
	id UUID NOT NULL, 
	CONSTRAINT pk_playbook_secrets PRIMARY KEY (id), 
	CONSTRAINT uq_playbook_secrets_name UNIQUE (name)
)
--;
CREATE TABLE playbook_versions (
	hash TEXT NOT NULL, 
	name TEXT NOT NULL, 
	title JSONB NOT NULL, 
	modified TEXT NOT NULL, 
	matching JSONB NOT NULL, 
	priority INTEGER NOT NULL, 
	cacao JSON NOT NULL, 
	source TEXT, 
	origin TEXT NOT NULL, 
	notation TEXT NOT NULL, 
	cacao_id TEXT NOT NULL, 
	bound JSONB NOT NULL, 
	signatures JSONB NOT NULL, 
	published_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	published_by TEXT NOT NULL, 
	retired_at TIMESTAMP WITH TIME ZONE, 
	id UUID NOT NULL, 
	CONSTRAINT pk_playbook_versions PRIMARY KEY (id), 
	CONSTRAINT uq_playbook_versions_hash UNIQUE (hash)
)
--;
CREATE TABLE private_links (
	purpose TEXT NOT NULL, 
	subject_id UUID NOT NULL, 
	token_hash BYTEA NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	used_at TIMESTAMP WITH TIME ZONE, 
	revoked_at TIMESTAMP WITH TIME ZONE, 
	id UUID NOT NULL, 
	CONSTRAINT pk_private_links PRIMARY KEY (id), 
	CONSTRAINT uq_private_links_token_hash UNIQUE (token_hash)
)
--;
CREATE TABLE refused_acts (
	who TEXT NOT NULL, 
	endpoint TEXT NOT NULL, 
	hour TIMESTAMP WITH TIME ZONE NOT NULL, 
	times INTEGER NOT NULL, 
	CONSTRAINT pk_refused_acts PRIMARY KEY (who, endpoint, hour)
)
--;
CREATE TABLE stored_answers (
	key_hash BYTEA NOT NULL, 
	request_hash BYTEA NOT NULL, 
	answer_sealed BYTEA, 
	created_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	id UUID NOT NULL, 
	CONSTRAINT pk_stored_answers PRIMARY KEY (id), 
	CONSTRAINT uq_stored_answers_key_hash UNIQUE (key_hash)
)
--;
CREATE TABLE sweeper_beats (
	holder TEXT NOT NULL, 
	since TIMESTAMP WITH TIME ZONE NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	sweeps JSONB NOT NULL, 
	CONSTRAINT pk_sweeper_beats PRIMARY KEY (holder)
)
--;
CREATE TABLE api_tokens (
	person_id UUID NOT NULL, 
	name TEXT NOT NULL, 
	prefix TEXT NOT NULL, 
	token_hash BYTEA NOT NULL, 
	scopes JSONB NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	used_at TIMESTAMP WITH TIME ZONE, 
	revoked_at TIMESTAMP WITH TIME ZONE, 
	id UUID NOT NULL, 
	CONSTRAINT pk_api_tokens PRIMARY KEY (id), 
	CONSTRAINT fk_api_tokens_person_id_people FOREIGN KEY(person_id) REFERENCES people (id), 
	CONSTRAINT uq_api_tokens_token_hash UNIQUE (token_hash)
)
--;
CREATE TABLE audit_leaves (
	seq BIGINT NOT NULL, 
	entry_id UUID NOT NULL, 
	header BYTEA NOT NULL, 
	leaf_hash BYTEA NOT NULL, 
	CONSTRAINT pk_audit_leaves PRIMARY KEY (seq), 
	CONSTRAINT uq_audit_leaves_entry_id UNIQUE (entry_id), 
	CONSTRAINT fk_audit_leaves_entry_id_audit_entries FOREIGN KEY(entry_id) REFERENCES audit_entries (id)
)
--;
CREATE TABLE audit_pending (
	entry_id UUID NOT NULL, 
	CONSTRAINT pk_audit_pending PRIMARY KEY (entry_id), 
	CONSTRAINT fk_audit_pending_entry_id_audit_entries FOREIGN KEY(entry_id) REFERENCES audit_entries (id)
)
--;
CREATE TABLE cases (
	reference TEXT COLLATE "C" NOT NULL, 
	key_id UUID NOT NULL, 
	strand TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	subject TEXT, 
	rsit TEXT, 
	title JSONB NOT NULL, 
	organisation_id UUID NOT NULL, 
	department TEXT, 
	grouping_id UUID, 
	declaration_id UUID, 
	state TEXT NOT NULL, 
	outcome TEXT, 
	exercise BOOLEAN NOT NULL, 
	severity INTEGER NOT NULL, 
	level INTEGER NOT NULL, 
	severity_why JSONB NOT NULL, 
	computed_severity INTEGER NOT NULL, 
	computed_level INTEGER NOT NULL, 
	overridden_by TEXT, 
	overridden_at TIMESTAMP WITH TIME ZONE, 
	override_reason_sealed BYTEA, 
	rank INTEGER NOT NULL, 
	rank_why JSONB NOT NULL, 
	rank_due_at TIMESTAMP WITH TIME ZONE, 
	owner_id UUID, 
	owner_name TEXT, 
	escalated_at TIMESTAMP WITH TIME ZONE, 
	waits_on TEXT, 
	waits_since TIMESTAMP WITH TIME ZONE, 
	waits_why JSONB NOT NULL, 
	wrote_at TIMESTAMP WITH TIME ZONE, 
	dues JSONB NOT NULL, 
	next_due_at TIMESTAMP WITH TIME ZONE, 
	next_due_from TEXT, 
	next_due_since TIMESTAMP WITH TIME ZONE, 
	next_due_what JSONB NOT NULL, 
	duplicate_of_id UUID, 
	aware_at TIMESTAMP WITH TIME ZONE, 
	opened_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	taken_at TIMESTAMP WITH TIME ZONE, 
	active_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	closed_at TIMESTAMP WITH TIME ZONE, 
	moved_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	version INTEGER NOT NULL, 
	id UUID NOT NULL, 
	CONSTRAINT pk_cases PRIMARY KEY (id), 
	CONSTRAINT uq_cases_reference UNIQUE (reference), 
	CONSTRAINT fk_cases_key_id_data_keys FOREIGN KEY(key_id) REFERENCES data_keys (id), 
	CONSTRAINT fk_cases_organisation_id_organisations FOREIGN KEY(organisation_id) REFERENCES organisations (id), 
	CONSTRAINT fk_cases_owner_id_people FOREIGN KEY(owner_id) REFERENCES people (id), 
	CONSTRAINT fk_cases_duplicate_of_id_cases FOREIGN KEY(duplicate_of_id) REFERENCES cases (id)
)
--;
CREATE TABLE credentials (
	person_id UUID NOT NULL, 
	uniquifier TEXT NOT NULL, 
	password TEXT, 
	password_at TIMESTAMP WITH TIME ZONE, 
	totp TEXT, 
	totp_counter INTEGER, 
	recovery JSONB NOT NULL, 
	passkey_handle TEXT NOT NULL, 
	CONSTRAINT pk_credentials PRIMARY KEY (person_id), 
	CONSTRAINT fk_credentials_person_id_people FOREIGN KEY(person_id) REFERENCES people (id), 
	CONSTRAINT uq_credentials_uniquifier UNIQUE (uniquifier)
)
--;
CREATE TABLE invitations (
	email TEXT, 
	name TEXT NOT NULL, 
	language TEXT NOT NULL, 
	role TEXT NOT NULL, 
	strand TEXT, 
	organisation_id UUID, 
	invited_by UUID, 
	created_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	accepted_at TIMESTAMP WITH TIME ZONE, 
	revoked_at TIMESTAMP WITH TIME ZONE, 
	person_id UUID, 
	id UUID NOT NULL, 
	CONSTRAINT pk_invitations PRIMARY KEY (id), 
	CONSTRAINT fk_invitations_organisation_id_organisations FOREIGN KEY(organisation_id) REFERENCES organisations (id), 
	CONSTRAINT fk_invitations_invited_by_people FOREIGN KEY(invited_by) REFERENCES people (id), 
	CONSTRAINT fk_invitations_person_id_people FOREIGN KEY(person_id) REFERENCES people (id)
)
--;
CREATE TABLE memberships (
	person_id UUID NOT NULL, 
	role TEXT NOT NULL, 
	strand TEXT, 
	organisation_id UUID, 
	case_id UUID, 
	created_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	ended_at TIMESTAMP WITH TIME ZONE, 
	id UUID NOT NULL, 
	CONSTRAINT pk_memberships PRIMARY KEY (id), 
	CONSTRAINT uq_memberships_person_id_role_strand_organisation_id_case_id UNIQUE NULLS NOT DISTINCT (person_id, role, strand, organisation_id, case_id), 
	CONSTRAINT fk_memberships_person_id_people FOREIGN KEY(person_id) REFERENCES people (id), 
	CONSTRAINT fk_memberships_organisation_id_organisations FOREIGN KEY(organisation_id) REFERENCES organisations (id)
)
--;
CREATE TABLE passkeys (
	person_id UUID NOT NULL, 
	name TEXT NOT NULL, 
	credential_id BYTEA NOT NULL, 
	public_key BYTEA NOT NULL, 
	sign_count INTEGER NOT NULL, 
	usage TEXT NOT NULL, 
	device_type TEXT NOT NULL, 
	backup_state BOOLEAN NOT NULL, 
	transports JSONB NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	used_at TIMESTAMP WITH TIME ZONE, 
	id UUID NOT NULL, 
	CONSTRAINT pk_passkeys PRIMARY KEY (id), 
	CONSTRAINT fk_passkeys_person_id_people FOREIGN KEY(person_id) REFERENCES people (id), 
	CONSTRAINT uq_passkeys_credential_id UNIQUE (credential_id)
)
--;
CREATE TABLE saved_views (
	person_id UUID NOT NULL, 
	name TEXT NOT NULL, 
	query TEXT NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	id UUID NOT NULL, 
	CONSTRAINT pk_saved_views PRIMARY KEY (id), 
	CONSTRAINT uq_saved_views_person_id_name UNIQUE (person_id, name), 
	CONSTRAINT fk_saved_views_person_id_people FOREIGN KEY(person_id) REFERENCES people (id)
)
--;
CREATE TABLE sign_ins (
	person_id UUID NOT NULL, 
	token_hash BYTEA NOT NULL, 
	strong BOOLEAN NOT NULL, 
	device TEXT NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	seen_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	ended_at TIMESTAMP WITH TIME ZONE, 
	id UUID NOT NULL, 
	CONSTRAINT pk_sign_ins PRIMARY KEY (id), 
	CONSTRAINT fk_sign_ins_person_id_people FOREIGN KEY(person_id) REFERENCES people (id), 
	CONSTRAINT uq_sign_ins_token_hash UNIQUE (token_hash)
)
--;
CREATE TABLE stored_files (
	case_id UUID, 
	declaration_id UUID, 
	key_id UUID NOT NULL, 
	sha256 BYTEA NOT NULL, 
	size BIGINT NOT NULL, 
	media_type TEXT NOT NULL, 
	label_sealed BYTEA, 
	address BYTEA NOT NULL, 
	state TEXT NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	created_by UUID, 
	verified_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	erased_at TIMESTAMP WITH TIME ZONE, 
	id UUID NOT NULL, 
	CONSTRAINT pk_stored_files PRIMARY KEY (id), 
	CONSTRAINT fk_stored_files_key_id_data_keys FOREIGN KEY(key_id) REFERENCES data_keys (id)
)
--;
CREATE TABLE arrivals (
	source TEXT NOT NULL, 
	digest BYTEA NOT NULL, 
	sender BYTEA NOT NULL, 
	outcome TEXT NOT NULL, 
	case_id UUID, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	id UUID NOT NULL, 
	CONSTRAINT pk_arrivals PRIMARY KEY (id), 
	CONSTRAINT uq_arrivals_digest UNIQUE (digest), 
	CONSTRAINT fk_arrivals_case_id_cases FOREIGN KEY(case_id) REFERENCES cases (id)
)
--;
CREATE TABLE awareness (
	case_id UUID NOT NULL, 
	key_id UUID NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	precision TEXT NOT NULL, 
	recorded_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	author_kind TEXT NOT NULL, 
	author_id UUID, 
	author_name TEXT NOT NULL, 
	words_sealed BYTEA, 
	id UUID NOT NULL, 
	CONSTRAINT pk_awareness PRIMARY KEY (id), 
	CONSTRAINT fk_awareness_case_id_cases FOREIGN KEY(case_id) REFERENCES cases (id)
)
--;
CREATE TABLE case_endings (
	case_id UUID NOT NULL, 
	key_id UUID NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	author_name TEXT NOT NULL, 
	outcome TEXT NOT NULL, 
	determination TEXT NOT NULL, 
	causes JSONB NOT NULL, 
	damages JSONB NOT NULL, 
	found_sealed BYTEA, 
	letter_sealed BYTEA, 
	reopened_at TIMESTAMP WITH TIME ZONE, 
	id UUID NOT NULL, 
	CONSTRAINT pk_case_endings PRIMARY KEY (id), 
	CONSTRAINT fk_case_endings_case_id_cases FOREIGN KEY(case_id) REFERENCES cases (id)
)
--;
CREATE TABLE case_events (
	case_id UUID NOT NULL, 
	key_id UUID NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	told_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	version INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	actor_kind TEXT NOT NULL, 
	actor_id UUID, 
	actor_name TEXT NOT NULL, 
	facts JSONB NOT NULL, 
	words_sealed BYTEA, 
	desk_only BOOLEAN NOT NULL, 
	id UUID NOT NULL, 
	CONSTRAINT pk_case_events PRIMARY KEY (id), 
	CONSTRAINT fk_case_events_case_id_cases FOREIGN KEY(case_id) REFERENCES cases (id)
)
--;
CREATE TABLE case_glass_breaks (
	case_id UUID NOT NULL, 
	key_id UUID NOT NULL, 
	person_id UUID NOT NULL, 
	person_name TEXT NOT NULL, 
	reason_sealed BYTEA, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	until TIMESTAMP WITH TIME ZONE NOT NULL, 
	id UUID NOT NULL, 
	CONSTRAINT pk_case_glass_breaks PRIMARY KEY (id), 
	CONSTRAINT fk_case_glass_breaks_case_id_cases FOREIGN KEY(case_id) REFERENCES cases (id), 
	CONSTRAINT fk_case_glass_breaks_person_id_people FOREIGN KEY(person_id) REFERENCES people (id)
)
--;
CREATE TABLE case_links (
	case_id UUID NOT NULL, 
	other_id UUID NOT NULL, 
	kind TEXT NOT NULL, 
	key_id UUID NOT NULL, 
	reason_sealed BYTEA, 
	author_name TEXT NOT NULL, 
	linked_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	ended_at TIMESTAMP WITH TIME ZONE, 
	id UUID NOT NULL, 
	CONSTRAINT pk_case_links PRIMARY KEY (id), 
	CONSTRAINT ck_case_links_two_cases CHECK (case_id <> other_id), 
	CONSTRAINT fk_case_links_case_id_cases FOREIGN KEY(case_id) REFERENCES cases (id), 
	CONSTRAINT fk_case_links_other_id_cases FOREIGN KEY(other_id) REFERENCES cases (id)
)
--;
CREATE TABLE case_messages (
	case_id UUID NOT NULL, 
	key_id UUID NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	side TEXT NOT NULL, 
	author_kind TEXT NOT NULL, 
	author_id UUID, 
	author_name TEXT NOT NULL, 
	body_sealed BYTEA, 
	desk_only BOOLEAN NOT NULL, 
	shared_with JSONB NOT NULL, 
	id UUID NOT NULL, 
	CONSTRAINT pk_case_messages PRIMARY KEY (id), 
	CONSTRAINT fk_case_messages_case_id_cases FOREIGN KEY(case_id) REFERENCES cases (id)
)
--;
CREATE TABLE case_people (
	case_id UUID NOT NULL, 
	key_id UUID NOT NULL, 
	role TEXT NOT NULL, 
	contact_sealed BYTEA, 
	added_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	ended_at TIMESTAMP WITH TIME ZONE, 
	id UUID NOT NULL, 
	CONSTRAINT pk_case_people PRIMARY KEY (id), 
	CONSTRAINT fk_case_people_case_id_cases FOREIGN KEY(case_id) REFERENCES cases (id)
)
--;
CREATE TABLE case_readings (
	case_id UUID NOT NULL, 
	reader TEXT NOT NULL, 
	hour TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_case_readings PRIMARY KEY (case_id, reader, hour), 
	CONSTRAINT fk_case_readings_case_id_cases FOREIGN KEY(case_id) REFERENCES cases (id)
)
--;
CREATE TABLE case_thread_marks (
	case_id UUID NOT NULL, 
	reader TEXT NOT NULL, 
	reader_name TEXT NOT NULL, 
	side TEXT NOT NULL, 
	read_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	id UUID NOT NULL, 
	CONSTRAINT pk_case_thread_marks PRIMARY KEY (id), 
	CONSTRAINT uq_case_thread_marks_case_id_reader UNIQUE (case_id, reader), 
	CONSTRAINT fk_case_thread_marks_case_id_cases FOREIGN KEY(case_id) REFERENCES cases (id)
)
--;
CREATE TABLE clocks (
	case_id UUID NOT NULL, 
	key_id UUID NOT NULL, 
	name TEXT NOT NULL, 
	title JSONB NOT NULL, 
	about JSONB NOT NULL, 
	force TEXT NOT NULL, 
	state TEXT NOT NULL, 
	started_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	due_at TIMESTAMP WITH TIME ZONE, 
	reminders JSONB NOT NULL, 
	next_reminder_at TIMESTAMP WITH TIME ZONE, 
	breached_at TIMESTAMP WITH TIME ZONE, 
	done_at TIMESTAMP WITH TIME ZONE, 
	done_by TEXT, 
	proof_sealed BYTEA, 
	reason_sealed BYTEA, 
	id UUID NOT NULL, 
	CONSTRAINT pk_clocks PRIMARY KEY (id), 
	CONSTRAINT uq_clocks_case_id_name UNIQUE (case_id, name), 
	CONSTRAINT fk_clocks_case_id_cases FOREIGN KEY(case_id) REFERENCES cases (id)
)
--;
CREATE TABLE cyber_fact_corrections (
	case_id UUID NOT NULL, 
	key_id UUID NOT NULL, 
	fact TEXT NOT NULL, 
	before TEXT NOT NULL, 
	said TEXT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	author_name TEXT NOT NULL, 
	reason_sealed BYTEA, 
	id UUID NOT NULL, 
	CONSTRAINT pk_cyber_fact_corrections PRIMARY KEY (id), 
	CONSTRAINT fk_cyber_fact_corrections_case_id_cases FOREIGN KEY(case_id) REFERENCES cases (id)
)
--;
CREATE TABLE cyber_triages (
	case_id UUID NOT NULL, 
	types JSONB NOT NULL, 
	factors JSONB NOT NULL, 
	floors JSONB NOT NULL, 
	lookalikes JSONB NOT NULL, 
	doubts JSONB NOT NULL, 
	made_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	settled_type TEXT, 
	settled_rsit TEXT, 
	settled_by TEXT, 
	settled_at TIMESTAMP WITH TIME ZONE, 
	corrected JSONB NOT NULL, 
	id UUID NOT NULL, 
	CONSTRAINT pk_cyber_triages PRIMARY KEY (id), 
	CONSTRAINT uq_cyber_triages_case_id UNIQUE (case_id), 
	CONSTRAINT fk_cyber_triages_case_id_cases FOREIGN KEY(case_id) REFERENCES cases (id)
)
--;
CREATE TABLE declarations (
	reference TEXT NOT NULL, 
	strand TEXT NOT NULL, 
	key_id UUID NOT NULL, 
	version TEXT NOT NULL, 
	language TEXT NOT NULL, 
	state TEXT NOT NULL, 
	organisation_id UUID, 
	case_id UUID, 
	exercise BOOLEAN NOT NULL, 
	page TEXT, 
	edition INTEGER NOT NULL, 
	doubts JSONB NOT NULL, 
	network BYTEA NOT NULL, 
	code_hash BYTEA NOT NULL, 
	made_by_id UUID, 
	started_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	saved_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	sent_at TIMESTAMP WITH TIME ZONE, 
	answers_sealed BYTEA, 
	typed_name_sealed BYTEA, 
	their_reference_sealed BYTEA, 
	id UUID NOT NULL, 
	CONSTRAINT pk_declarations PRIMARY KEY (id), 
	CONSTRAINT uq_declarations_reference UNIQUE (reference), 
	CONSTRAINT fk_declarations_key_id_data_keys FOREIGN KEY(key_id) REFERENCES data_keys (id), 
	CONSTRAINT fk_declarations_organisation_id_organisations FOREIGN KEY(organisation_id) REFERENCES organisations (id), 
	CONSTRAINT fk_declarations_case_id_cases FOREIGN KEY(case_id) REFERENCES cases (id)
)
--;
CREATE TABLE playbook_runs (
	case_id UUID NOT NULL, 
	key_id UUID NOT NULL, 
	hash TEXT NOT NULL, 
	name TEXT NOT NULL, 
	title JSONB NOT NULL, 
	semantics INTEGER NOT NULL, 
	status TEXT NOT NULL, 
	outcome TEXT, 
	state_sealed BYTEA, 
	number INTEGER NOT NULL, 
	waits JSONB NOT NULL, 
	due_at TIMESTAMP WITH TIME ZONE, 
	dead INTEGER NOT NULL, 
	settled_at TIMESTAMP WITH TIME ZONE, 
	started_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	started_by TEXT NOT NULL, 
	why JSONB NOT NULL, 
	exercise BOOLEAN NOT NULL, 
	moved_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	ended_at TIMESTAMP WITH TIME ZONE, 
	id UUID NOT NULL, 
	CONSTRAINT pk_playbook_runs PRIMARY KEY (id), 
	CONSTRAINT fk_playbook_runs_case_id_cases FOREIGN KEY(case_id) REFERENCES cases (id), 
	CONSTRAINT fk_playbook_runs_hash_playbook_versions FOREIGN KEY(hash) REFERENCES playbook_versions (hash)
)
--;
CREATE TABLE stix_objects (
	case_id UUID NOT NULL, 
	key_id UUID NOT NULL, 
	kind TEXT NOT NULL, 
	sort TEXT NOT NULL, 
	type TEXT NOT NULL, 
	marking TEXT NOT NULL, 
	mark BYTEA NOT NULL, 
	lookup BYTEA NOT NULL, 
	based_on_id UUID, 
	source TEXT NOT NULL, 
	source_id UUID, 
	seen_at TIMESTAMP WITH TIME ZONE, 
	seen_until TIMESTAMP WITH TIME ZONE, 
	added_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	added_by_kind TEXT NOT NULL, 
	added_by_id UUID, 
	added_by_name TEXT NOT NULL, 
	changed_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	retracted_at TIMESTAMP WITH TIME ZONE, 
	retracted_by TEXT, 
	content_sealed BYTEA, 
	note_sealed BYTEA, 
	reason_sealed BYTEA, 
	id UUID NOT NULL, 
	CONSTRAINT pk_stix_objects PRIMARY KEY (id), 
	CONSTRAINT uq_stix_objects_case_id_mark UNIQUE (case_id, mark), 
	CONSTRAINT fk_stix_objects_case_id_cases FOREIGN KEY(case_id) REFERENCES cases (id), 
	CONSTRAINT fk_stix_objects_based_on_id_stix_objects FOREIGN KEY(based_on_id) REFERENCES stix_objects (id)
)
--;
CREATE TABLE tasks (
	case_id UUID NOT NULL, 
	key_id UUID NOT NULL, 
	run_id UUID, 
	path TEXT, 
	ticket INTEGER, 
	name TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	who TEXT NOT NULL, 
	phase TEXT, 
	state TEXT NOT NULL, 
	opened_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	due_at TIMESTAMP WITH TIME ZONE, 
	late_at TIMESTAMP WITH TIME ZONE, 
	content_sealed BYTEA, 
	answer TEXT, 
	answered_at TIMESTAMP WITH TIME ZONE, 
	answered_by TEXT, 
	answered_side TEXT, 
	values_sealed BYTEA, 
	note_sealed BYTEA, 
	id UUID NOT NULL, 
	CONSTRAINT pk_tasks PRIMARY KEY (id), 
	CONSTRAINT uq_tasks_run_id_path_ticket UNIQUE (run_id, path, ticket), 
	CONSTRAINT fk_tasks_case_id_cases FOREIGN KEY(case_id) REFERENCES cases (id)
)
--;
CREATE TABLE playbook_effects (
	run_id UUID NOT NULL, 
	case_id UUID NOT NULL, 
	key_id UUID NOT NULL, 
	path TEXT NOT NULL, 
	ticket INTEGER NOT NULL, 
	attempt INTEGER NOT NULL, 
	action TEXT NOT NULL, 
	key TEXT NOT NULL, 
	"check" BOOLEAN NOT NULL, 
	timeout INTEGER NOT NULL, 
	status TEXT NOT NULL, 
	due_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	leased_until TIMESTAMP WITH TIME ZONE, 
	token UUID, 
	worker TEXT, 
	input_sealed BYTEA, 
	output_sealed BYTEA, 
	created_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	ended_at TIMESTAMP WITH TIME ZONE, 
	id UUID NOT NULL, 
	CONSTRAINT pk_playbook_effects PRIMARY KEY (id), 
	CONSTRAINT uq_playbook_effects_run_id_ticket UNIQUE (run_id, ticket), 
	CONSTRAINT fk_playbook_effects_run_id_playbook_runs FOREIGN KEY(run_id) REFERENCES playbook_runs (id)
)
--;
CREATE TABLE playbook_inbox (
	run_id UUID NOT NULL, 
	dedup TEXT NOT NULL, 
	name TEXT NOT NULL, 
	came_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_playbook_inbox PRIMARY KEY (run_id, dedup), 
	CONSTRAINT fk_playbook_inbox_run_id_playbook_runs FOREIGN KEY(run_id) REFERENCES playbook_runs (id)
)
--;
CREATE TABLE playbook_steps (
	run_id UUID NOT NULL, 
	entry INTEGER NOT NULL, 
	case_id UUID NOT NULL, 
	step_id TEXT NOT NULL, 
	key TEXT NOT NULL, 
	path TEXT NOT NULL, 
	came_from TEXT, 
	status TEXT NOT NULL, 
	answer TEXT, 
	failure TEXT, 
	begun_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	changed_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_playbook_steps PRIMARY KEY (run_id, entry), 
	CONSTRAINT fk_playbook_steps_run_id_playbook_runs FOREIGN KEY(run_id) REFERENCES playbook_runs (id)
)
--;
CREATE TABLE ways (
	role TEXT NOT NULL, 
	declaration_id UUID, 
	case_id UUID, 
	label TEXT NOT NULL, 
	made_by TEXT NOT NULL, 
	made_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	used_at TIMESTAMP WITH TIME ZONE, 
	ended_at TIMESTAMP WITH TIME ZONE, 
	id UUID NOT NULL, 
	CONSTRAINT pk_ways PRIMARY KEY (id), 
	CONSTRAINT fk_ways_declaration_id_declarations FOREIGN KEY(declaration_id) REFERENCES declarations (id), 
	CONSTRAINT fk_ways_case_id_cases FOREIGN KEY(case_id) REFERENCES cases (id)
)
--;
CREATE INDEX ix_audit_entries_at ON audit_entries (at)
--;
CREATE INDEX ix_audit_entries_case_id_audit_entries_at ON audit_entries (case_id, at)
--;
CREATE INDEX ix_audit_verdicts_at ON audit_verdicts (at)
--;
CREATE INDEX ix_data_keys_kek_id ON data_keys (kek_id)
--;
CREATE INDEX ix_letters_case_id_letters_created_at ON letters (case_id, created_at)
--;
CREATE INDEX ix_organisations_beginning ON organisations ("left"(search, 2), population DESC NULLS LAST, search)
--;
CREATE INDEX ix_organisations_words ON organisations USING gin (to_tsvector('simple', search)) WITH (fastupdate = off)
--;
CREATE INDEX ix_outbox_due_at ON outbox (due_at) WHERE delivered_at IS NULL AND failed_at IS NULL
--;
CREATE INDEX ix_outbox_failed ON outbox (failed_at) WHERE failed_at IS NOT NULL AND settled_at IS NULL
--;
CREATE INDEX ix_paces_next_at ON paces (next_at)
--;
CREATE INDEX ix_playbook_drafts_name ON playbook_drafts (name)
--;
CREATE UNIQUE INDEX uq_playbook_publishers_present ON playbook_publishers (ours) WHERE ours AND ended_at IS NULL
--;
CREATE INDEX ix_playbook_versions_cacao_id ON playbook_versions (cacao_id)
--;
CREATE INDEX ix_playbook_versions_name_playbook_versions_modified_pl_26bc ON playbook_versions (name, modified, published_at)
--;
CREATE INDEX ix_private_links_subject_id ON private_links (subject_id)
--;
CREATE INDEX ix_stored_answers_created_at ON stored_answers (created_at)
--;
CREATE INDEX ix_api_tokens_person_id ON api_tokens (person_id)
--;
CREATE INDEX ix_cases_closed ON cases (strand, active_at DESC, id) WHERE state = 'closed'
--;
CREATE INDEX ix_cases_organisation_id_cases_opened_at ON cases (organisation_id, opened_at)
--;
CREATE INDEX ix_cases_queue_free ON cases (strand, rank DESC, id) WHERE state = 'open' AND (owner_id IS NULL)
--;
CREATE INDEX ix_cases_queue_organisation_id ON cases (organisation_id, rank DESC, id) WHERE state = 'open'
--;
CREATE INDEX ix_cases_queue_ours ON cases (strand, rank DESC, id) WHERE state = 'open' AND (waits_on = 'responder' OR wrote_at IS NOT NULL)
--;
CREATE INDEX ix_cases_queue_owner_id ON cases (owner_id, rank DESC, id) WHERE state = 'open'
--;
CREATE INDEX ix_cases_queue_strand ON cases (strand, rank DESC, id) WHERE state = 'open'
--;
CREATE INDEX ix_cases_queue_strand_department ON cases (strand, department, rank DESC, id) WHERE state = 'open'
--;
CREATE INDEX ix_cases_queue_strand_level ON cases (strand, level, rank DESC, id) WHERE state = 'open'
--;
CREATE INDEX ix_cases_queue_strand_subject ON cases (strand, subject, rank DESC, id) WHERE state = 'open'
--;
CREATE INDEX ix_cases_queue_strand_waits_on ON cases (strand, waits_on, rank DESC, id) WHERE state = 'open'
--;
CREATE INDEX ix_cases_rank_due_at ON cases (rank_due_at) WHERE state = 'open'
--;
CREATE INDEX ix_cases_strand_cases_id ON cases (strand, active_at DESC, id)
--;
CREATE INDEX ix_cases_strand_cases_moved_at ON cases (strand, moved_at)
--;
CREATE INDEX ix_cases_strand_cases_next_due_at ON cases (strand, next_due_at) WHERE state = 'open'
--;
CREATE INDEX ix_invitations_organisation_id ON invitations (organisation_id) WHERE accepted_at IS NULL
--;
CREATE INDEX ix_memberships_organisation_id ON memberships (organisation_id)
--;
CREATE INDEX ix_passkeys_person_id ON passkeys (person_id)
--;
CREATE INDEX ix_sign_ins_person_id ON sign_ins (person_id) WHERE ended_at IS NULL
--;
CREATE INDEX ix_stored_files_address ON stored_files (address)
--;
CREATE INDEX ix_stored_files_case_id ON stored_files (case_id)
--;
CREATE INDEX ix_stored_files_declaration_id ON stored_files (declaration_id)
--;
CREATE INDEX ix_stored_files_verified_at ON stored_files (verified_at) WHERE state = 'kept'
--;
CREATE INDEX ix_arrivals_at ON arrivals (at)
--;
CREATE INDEX ix_awareness_case_id_awareness_at ON awareness (case_id, at)
--;
CREATE INDEX ix_case_endings_case_id_case_endings_at ON case_endings (case_id, at)
--;
CREATE INDEX ix_case_events_case_id_case_events_at ON case_events (case_id, at)
--;
CREATE INDEX ix_case_glass_breaks_case_id_case_glass_breaks_at ON case_glass_breaks (case_id, at)
--;
CREATE INDEX ix_case_links_case_id ON case_links (case_id)
--;
CREATE INDEX ix_case_links_other_id ON case_links (other_id)
--;
CREATE UNIQUE INDEX uq_case_links_active ON case_links (least(case_id, other_id), greatest(case_id, other_id)) WHERE ended_at IS NULL
--;
CREATE INDEX ix_case_messages_case_id_case_messages_at ON case_messages (case_id, at)
--;
CREATE INDEX ix_case_people_case_id ON case_people (case_id)
--;
CREATE INDEX ix_clocks_due_at ON clocks (due_at) WHERE state = 'running' AND breached_at IS NULL
--;
CREATE INDEX ix_clocks_next_reminder_at ON clocks (next_reminder_at) WHERE state = 'running'
--;
CREATE INDEX ix_cyber_fact_corrections_case_id_cyber_fact_corrections_at ON cyber_fact_corrections (case_id, at)
--;
CREATE INDEX ix_declarations_case_id ON declarations (case_id)
--;
CREATE INDEX ix_declarations_made_by_id_declarations_id ON declarations (made_by_id, id) WHERE made_by_id IS NOT NULL
--;
CREATE INDEX ix_declarations_network_declarations_started_at ON declarations (network, started_at)
--;
CREATE INDEX ix_declarations_saved_at ON declarations (saved_at) WHERE state = 'draft'
--;
CREATE INDEX ix_playbook_runs_case_id ON playbook_runs (case_id)
--;
CREATE INDEX ix_playbook_runs_dead ON playbook_runs (id) WHERE dead > 0 AND settled_at IS NULL
--;
CREATE INDEX ix_playbook_runs_due_at ON playbook_runs (due_at) WHERE due_at IS NOT NULL
--;
CREATE INDEX ix_playbook_runs_open ON playbook_runs (id) WHERE ended_at IS NULL
--;
CREATE INDEX ix_playbook_runs_unsure ON playbook_runs (id) WHERE waits @> '["verify"]' AND ended_at IS NULL
--;
CREATE INDEX ix_stix_objects_case_id_stix_objects_added_at ON stix_objects (case_id, added_at)
--;
CREATE INDEX ix_stix_objects_lookup ON stix_objects (lookup)
--;
CREATE INDEX ix_tasks_case_id_tasks_opened_at ON tasks (case_id, opened_at)
--;
CREATE INDEX ix_tasks_due_at ON tasks (due_at) WHERE state = 'open' AND late_at IS NULL
--;
CREATE INDEX ix_playbook_effects_open ON playbook_effects (due_at) WHERE status IN ('due', 'leased')
--;
CREATE INDEX ix_playbook_effects_run_id_playbook_effects_due_at ON playbook_effects (run_id, due_at) WHERE status = 'due'
--;
CREATE UNIQUE INDEX uq_playbook_effects_once ON playbook_effects (key) WHERE status IN ('leased', 'done')
--;
CREATE INDEX ix_playbook_steps_run_id_playbook_steps_path ON playbook_steps (run_id, path)
--;
CREATE INDEX ix_ways_case_id ON ways (case_id)
--;
CREATE INDEX ix_ways_declaration_id ON ways (declaration_id)
--;
GRANT SELECT, INSERT, UPDATE, DELETE ON "api_tokens" TO cyberdesk_app
--;
ALTER TABLE "api_tokens" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "api_tokens" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY reach ON "api_tokens" USING ((SELECT current_setting('cyberdesk.system', true)) = 'on' OR person_id = NULLIF((SELECT current_setting('cyberdesk.person', true)), '')::uuid) WITH CHECK ((SELECT current_setting('cyberdesk.system', true)) = 'on' OR person_id = NULLIF((SELECT current_setting('cyberdesk.person', true)), '')::uuid)
--;
GRANT SELECT, INSERT, UPDATE, DELETE ON "arrivals" TO cyberdesk_app
--;
ALTER TABLE "arrivals" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "arrivals" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY reach ON "arrivals" USING ((SELECT current_setting('cyberdesk.system', true)) = 'on') WITH CHECK ((SELECT current_setting('cyberdesk.system', true)) = 'on')
--;
GRANT SELECT, INSERT ON "audit_checkpoints" TO cyberdesk_app
--;
ALTER TABLE "audit_checkpoints" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "audit_checkpoints" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY reach ON "audit_checkpoints" USING ((SELECT current_setting('cyberdesk.system', true)) = 'on') WITH CHECK ((SELECT current_setting('cyberdesk.system', true)) = 'on')
--;
GRANT SELECT, INSERT ON "audit_entries" TO cyberdesk_app
--;
ALTER TABLE "audit_entries" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "audit_entries" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY reach ON "audit_entries" USING ((SELECT current_setting('cyberdesk.system', true)) = 'on' OR EXISTS (SELECT 1 FROM cases c WHERE c.id = case_id)) WITH CHECK (case_id IS NULL OR (SELECT current_setting('cyberdesk.system', true)) = 'on' OR EXISTS (SELECT 1 FROM cases c WHERE c.id = case_id))
--;
GRANT SELECT, INSERT ON "audit_leaves" TO cyberdesk_app
--;
ALTER TABLE "audit_leaves" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "audit_leaves" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY reach ON "audit_leaves" USING ((SELECT current_setting('cyberdesk.system', true)) = 'on') WITH CHECK ((SELECT current_setting('cyberdesk.system', true)) = 'on')
--;
GRANT SELECT, DELETE ON "audit_pending" TO cyberdesk_app
--;
ALTER TABLE "audit_pending" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "audit_pending" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY reach ON "audit_pending" USING ((SELECT current_setting('cyberdesk.system', true)) = 'on') WITH CHECK (true)
--;
GRANT SELECT, INSERT, UPDATE ON "audit_tree" TO cyberdesk_app
--;
ALTER TABLE "audit_tree" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "audit_tree" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY reach ON "audit_tree" USING ((SELECT current_setting('cyberdesk.system', true)) = 'on') WITH CHECK ((SELECT current_setting('cyberdesk.system', true)) = 'on')
--;
GRANT SELECT, INSERT ON "audit_verdicts" TO cyberdesk_app
--;
ALTER TABLE "audit_verdicts" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "audit_verdicts" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY reach ON "audit_verdicts" USING ((SELECT current_setting('cyberdesk.system', true)) = 'on') WITH CHECK ((SELECT current_setting('cyberdesk.system', true)) = 'on')
--;
GRANT SELECT, INSERT ON "awareness" TO cyberdesk_app
--;
ALTER TABLE "awareness" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "awareness" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY reach ON "awareness" USING ((SELECT current_setting('cyberdesk.system', true)) = 'on' OR EXISTS (SELECT 1 FROM cases c WHERE c.id = case_id)) WITH CHECK ((SELECT current_setting('cyberdesk.system', true)) = 'on' OR EXISTS (SELECT 1 FROM cases c WHERE c.id = case_id))
--;
GRANT SELECT, INSERT, UPDATE, DELETE ON "case_endings" TO cyberdesk_app
--;
ALTER TABLE "case_endings" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "case_endings" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY reach ON "case_endings" USING ((SELECT current_setting('cyberdesk.system', true)) = 'on' OR EXISTS (SELECT 1 FROM cases c WHERE c.id = case_id)) WITH CHECK ((SELECT current_setting('cyberdesk.system', true)) = 'on' OR EXISTS (SELECT 1 FROM cases c WHERE c.id = case_id))
--;
GRANT SELECT, INSERT, UPDATE, DELETE ON "case_events" TO cyberdesk_app
--;
ALTER TABLE "case_events" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "case_events" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY reach ON "case_events" USING (((SELECT current_setting('cyberdesk.system', true)) = 'on' OR EXISTS (SELECT 1 FROM cases c WHERE c.id = case_id)) AND (NOT desk_only OR (SELECT current_setting('cyberdesk.system', true)) = 'on' OR (SELECT current_setting('cyberdesk.desks', true)) <> '')) WITH CHECK ((SELECT current_setting('cyberdesk.system', true)) = 'on' OR EXISTS (SELECT 1 FROM cases c WHERE c.id = case_id))
--;
GRANT SELECT, INSERT, UPDATE, DELETE ON "case_glass_breaks" TO cyberdesk_app
--;
ALTER TABLE "case_glass_breaks" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "case_glass_breaks" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY reach ON "case_glass_breaks" USING ((((SELECT current_setting('cyberdesk.system', true)) = 'on' OR EXISTS (SELECT 1 FROM cases c WHERE c.id = case_id)) AND ((SELECT current_setting('cyberdesk.system', true)) = 'on' OR (SELECT current_setting('cyberdesk.desks', true)) <> '')) OR ((SELECT current_setting('cyberdesk.system', true)) = 'on' OR person_id = NULLIF((SELECT current_setting('cyberdesk.person', true)), '')::uuid)) WITH CHECK ((((SELECT current_setting('cyberdesk.system', true)) = 'on' OR EXISTS (SELECT 1 FROM cases c WHERE c.id = case_id)) AND ((SELECT current_setting('cyberdesk.system', true)) = 'on' OR (SELECT current_setting('cyberdesk.desks', true)) <> '')) OR ((SELECT current_setting('cyberdesk.system', true)) = 'on' OR person_id = NULLIF((SELECT current_setting('cyberdesk.person', true)), '')::uuid))
--;
GRANT SELECT, INSERT, UPDATE, DELETE ON "case_links" TO cyberdesk_app
--;
ALTER TABLE "case_links" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "case_links" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY reach ON "case_links" USING (((SELECT current_setting('cyberdesk.system', true)) = 'on' OR EXISTS (SELECT 1 FROM cases c WHERE c.id = case_id)) AND ((SELECT current_setting('cyberdesk.system', true)) = 'on' OR (SELECT current_setting('cyberdesk.desks', true)) <> '')) WITH CHECK (((SELECT current_setting('cyberdesk.system', true)) = 'on' OR EXISTS (SELECT 1 FROM cases c WHERE c.id = case_id)) AND ((SELECT current_setting('cyberdesk.system', true)) = 'on' OR (SELECT current_setting('cyberdesk.desks', true)) <> ''))
--;
GRANT SELECT, INSERT, UPDATE, DELETE ON "case_messages" TO cyberdesk_app
--;
ALTER TABLE "case_messages" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "case_messages" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY reach ON "case_messages" USING (((SELECT current_setting('cyberdesk.system', true)) = 'on' OR EXISTS (SELECT 1 FROM cases c WHERE c.id = case_id)) AND (NOT desk_only OR (SELECT current_setting('cyberdesk.system', true)) = 'on' OR (SELECT current_setting('cyberdesk.desks', true)) <> '')) WITH CHECK ((SELECT current_setting('cyberdesk.system', true)) = 'on' OR EXISTS (SELECT 1 FROM cases c WHERE c.id = case_id))
--;
GRANT SELECT, INSERT, UPDATE, DELETE ON "case_people" TO cyberdesk_app
--;
ALTER TABLE "case_people" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "case_people" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY reach ON "case_people" USING ((SELECT current_setting('cyberdesk.system', true)) = 'on' OR EXISTS (SELECT 1 FROM cases c WHERE c.id = case_id)) WITH CHECK ((SELECT current_setting('cyberdesk.system', true)) = 'on' OR EXISTS (SELECT 1 FROM cases c WHERE c.id = case_id))
--;
GRANT SELECT, INSERT, DELETE ON "case_readings" TO cyberdesk_app
--;
ALTER TABLE "case_readings" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "case_readings" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY reach ON "case_readings" USING ((SELECT current_setting('cyberdesk.system', true)) = 'on' OR EXISTS (SELECT 1 FROM cases c WHERE c.id = case_id)) WITH CHECK ((SELECT current_setting('cyberdesk.system', true)) = 'on' OR EXISTS (SELECT 1 FROM cases c WHERE c.id = case_id))
--;
GRANT SELECT, INSERT, UPDATE, DELETE ON "case_thread_marks" TO cyberdesk_app
--;
ALTER TABLE "case_thread_marks" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "case_thread_marks" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY reach ON "case_thread_marks" USING ((SELECT current_setting('cyberdesk.system', true)) = 'on' OR EXISTS (SELECT 1 FROM cases c WHERE c.id = case_id)) WITH CHECK ((SELECT current_setting('cyberdesk.system', true)) = 'on' OR EXISTS (SELECT 1 FROM cases c WHERE c.id = case_id))
--;
GRANT SELECT, INSERT, UPDATE, DELETE ON "cases" TO cyberdesk_app
--;
ALTER TABLE "cases" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "cases" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY reach ON "cases" USING ((SELECT current_setting('cyberdesk.system', true)) = 'on' OR strand = ANY ((SELECT string_to_array(current_setting('cyberdesk.desks', true), ',')::text[])::text[]) OR organisation_id = ANY ((SELECT string_to_array(current_setting('cyberdesk.organisations', true), ',')::uuid[])::uuid[]) OR id = ANY ((SELECT string_to_array(current_setting('cyberdesk.cases', true), ',')::uuid[])::uuid[])) WITH CHECK ((SELECT current_setting('cyberdesk.system', true)) = 'on' OR strand = ANY ((SELECT string_to_array(current_setting('cyberdesk.desks', true), ',')::text[])::text[]) OR organisation_id = ANY ((SELECT string_to_array(current_setting('cyberdesk.organisations', true), ',')::uuid[])::uuid[]) OR id = ANY ((SELECT string_to_array(current_setting('cyberdesk.cases', true), ',')::uuid[])::uuid[]))
--;
GRANT SELECT, INSERT, UPDATE, DELETE ON "clocks" TO cyberdesk_app
--;
ALTER TABLE "clocks" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "clocks" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY reach ON "clocks" USING ((SELECT current_setting('cyberdesk.system', true)) = 'on' OR EXISTS (SELECT 1 FROM cases c WHERE c.id = case_id)) WITH CHECK ((SELECT current_setting('cyberdesk.system', true)) = 'on' OR EXISTS (SELECT 1 FROM cases c WHERE c.id = case_id))
--;
GRANT SELECT, INSERT, UPDATE, DELETE ON "connector_setups" TO cyberdesk_app
--;
ALTER TABLE "connector_setups" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "connector_setups" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY reach ON "connector_setups" USING ((SELECT current_setting('cyberdesk.system', true)) = 'on') WITH CHECK ((SELECT current_setting('cyberdesk.system', true)) = 'on')
--;
GRANT SELECT, INSERT, UPDATE, DELETE ON "credentials" TO cyberdesk_app
--;
ALTER TABLE "credentials" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "credentials" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY reach ON "credentials" USING ((SELECT current_setting('cyberdesk.system', true)) = 'on') WITH CHECK ((SELECT current_setting('cyberdesk.system', true)) = 'on')
--;
GRANT SELECT, INSERT, UPDATE, DELETE ON "cyber_fact_corrections" TO cyberdesk_app
--;
ALTER TABLE "cyber_fact_corrections" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "cyber_fact_corrections" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY reach ON "cyber_fact_corrections" USING (((SELECT current_setting('cyberdesk.system', true)) = 'on' OR EXISTS (SELECT 1 FROM cases c WHERE c.id = case_id)) AND ((SELECT current_setting('cyberdesk.system', true)) = 'on' OR (SELECT current_setting('cyberdesk.desks', true)) <> '')) WITH CHECK (((SELECT current_setting('cyberdesk.system', true)) = 'on' OR EXISTS (SELECT 1 FROM cases c WHERE c.id = case_id)) AND ((SELECT current_setting('cyberdesk.system', true)) = 'on' OR (SELECT current_setting('cyberdesk.desks', true)) <> ''))
--;
GRANT SELECT, INSERT, UPDATE, DELETE ON "cyber_triages" TO cyberdesk_app
--;
ALTER TABLE "cyber_triages" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "cyber_triages" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY reach ON "cyber_triages" USING (((SELECT current_setting('cyberdesk.system', true)) = 'on' OR EXISTS (SELECT 1 FROM cases c WHERE c.id = case_id)) AND ((SELECT current_setting('cyberdesk.system', true)) = 'on' OR (SELECT current_setting('cyberdesk.desks', true)) <> '')) WITH CHECK (((SELECT current_setting('cyberdesk.system', true)) = 'on' OR EXISTS (SELECT 1 FROM cases c WHERE c.id = case_id)) AND ((SELECT current_setting('cyberdesk.system', true)) = 'on' OR (SELECT current_setting('cyberdesk.desks', true)) <> ''))
--;
GRANT SELECT, INSERT, UPDATE ON "data_keys" TO cyberdesk_app
--;
ALTER TABLE "data_keys" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "data_keys" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY reach ON "data_keys" USING (true) WITH CHECK (true)
--;
CREATE POLICY update ON "data_keys" AS RESTRICTIVE FOR UPDATE USING ((SELECT current_setting('cyberdesk.system', true)) = 'on')
--;
CREATE POLICY delete ON "data_keys" AS RESTRICTIVE FOR DELETE USING ((SELECT current_setting('cyberdesk.system', true)) = 'on')
--;
GRANT SELECT, INSERT, UPDATE, DELETE ON "declarations" TO cyberdesk_app
--;
ALTER TABLE "declarations" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "declarations" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY reach ON "declarations" USING (((SELECT current_setting('cyberdesk.system', true)) = 'on' OR id = ANY ((SELECT string_to_array(current_setting('cyberdesk.declarations', true), ',')::uuid[])::uuid[])) OR ((SELECT current_setting('cyberdesk.system', true)) = 'on' OR EXISTS (SELECT 1 FROM cases c WHERE c.id = case_id))) WITH CHECK (((SELECT current_setting('cyberdesk.system', true)) = 'on' OR id = ANY ((SELECT string_to_array(current_setting('cyberdesk.declarations', true), ',')::uuid[])::uuid[])) OR ((SELECT current_setting('cyberdesk.system', true)) = 'on' OR EXISTS (SELECT 1 FROM cases c WHERE c.id = case_id)))
--;
GRANT SELECT, INSERT, UPDATE, DELETE ON "invitations" TO cyberdesk_app
--;
ALTER TABLE "invitations" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "invitations" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY reach ON "invitations" USING ((SELECT current_setting('cyberdesk.system', true)) = 'on') WITH CHECK ((SELECT current_setting('cyberdesk.system', true)) = 'on')
--;
GRANT SELECT, INSERT ON "kept_forms" TO cyberdesk_app
--;
ALTER TABLE "kept_forms" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "kept_forms" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY reach ON "kept_forms" USING (true) WITH CHECK (true)
--;
CREATE POLICY update ON "kept_forms" AS RESTRICTIVE FOR UPDATE USING ((SELECT current_setting('cyberdesk.system', true)) = 'on')
--;
CREATE POLICY delete ON "kept_forms" AS RESTRICTIVE FOR DELETE USING ((SELECT current_setting('cyberdesk.system', true)) = 'on')
--;
GRANT SELECT, INSERT, UPDATE, DELETE ON "letters" TO cyberdesk_app
--;
ALTER TABLE "letters" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "letters" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY reach ON "letters" USING ((SELECT current_setting('cyberdesk.system', true)) = 'on' OR EXISTS (SELECT 1 FROM cases c WHERE c.id = case_id)) WITH CHECK (case_id IS NULL OR (SELECT current_setting('cyberdesk.system', true)) = 'on' OR EXISTS (SELECT 1 FROM cases c WHERE c.id = case_id))
--;
GRANT SELECT, INSERT, UPDATE, DELETE ON "memberships" TO cyberdesk_app
--;
ALTER TABLE "memberships" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "memberships" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY reach ON "memberships" USING (((SELECT current_setting('cyberdesk.system', true)) = 'on' OR person_id = NULLIF((SELECT current_setting('cyberdesk.person', true)), '')::uuid) OR ((SELECT current_setting('cyberdesk.system', true)) = 'on')) WITH CHECK (((SELECT current_setting('cyberdesk.system', true)) = 'on' OR person_id = NULLIF((SELECT current_setting('cyberdesk.person', true)), '')::uuid) OR ((SELECT current_setting('cyberdesk.system', true)) = 'on'))
--;
GRANT SELECT, INSERT, UPDATE, DELETE ON "organisations" TO cyberdesk_app
--;
ALTER TABLE "organisations" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "organisations" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY reach ON "organisations" USING (true) WITH CHECK ((SELECT current_setting('cyberdesk.system', true)) = 'on')
--;
CREATE POLICY update ON "organisations" AS RESTRICTIVE FOR UPDATE USING ((SELECT current_setting('cyberdesk.system', true)) = 'on')
--;
CREATE POLICY delete ON "organisations" AS RESTRICTIVE FOR DELETE USING ((SELECT current_setting('cyberdesk.system', true)) = 'on')
--;
GRANT SELECT, INSERT, UPDATE, DELETE ON "outbox" TO cyberdesk_app
--;
ALTER TABLE "outbox" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "outbox" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY reach ON "outbox" USING (true) WITH CHECK (true)
--;
CREATE POLICY update ON "outbox" AS RESTRICTIVE FOR UPDATE USING ((SELECT current_setting('cyberdesk.system', true)) = 'on')
--;
CREATE POLICY delete ON "outbox" AS RESTRICTIVE FOR DELETE USING ((SELECT current_setting('cyberdesk.system', true)) = 'on')
--;
GRANT SELECT, INSERT, UPDATE, DELETE ON "paces" TO cyberdesk_app
--;
ALTER TABLE "paces" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "paces" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY reach ON "paces" USING (true) WITH CHECK (true)
--;
GRANT SELECT, INSERT, UPDATE, DELETE ON "passkeys" TO cyberdesk_app
--;
ALTER TABLE "passkeys" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "passkeys" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY reach ON "passkeys" USING ((SELECT current_setting('cyberdesk.system', true)) = 'on' OR person_id = NULLIF((SELECT current_setting('cyberdesk.person', true)), '')::uuid) WITH CHECK ((SELECT current_setting('cyberdesk.system', true)) = 'on' OR person_id = NULLIF((SELECT current_setting('cyberdesk.person', true)), '')::uuid)
--;
GRANT SELECT, INSERT, UPDATE, DELETE ON "people" TO cyberdesk_app
--;
ALTER TABLE "people" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "people" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY reach ON "people" USING (((SELECT current_setting('cyberdesk.system', true)) = 'on' OR id = NULLIF((SELECT current_setting('cyberdesk.person', true)), '')::uuid) OR ((SELECT current_setting('cyberdesk.system', true)) = 'on')) WITH CHECK (((SELECT current_setting('cyberdesk.system', true)) = 'on' OR id = NULLIF((SELECT current_setting('cyberdesk.person', true)), '')::uuid) OR ((SELECT current_setting('cyberdesk.system', true)) = 'on'))
--;
GRANT SELECT, INSERT, UPDATE ON "playbook_drafts" TO cyberdesk_app
--;
ALTER TABLE "playbook_drafts" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "playbook_drafts" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY reach ON "playbook_drafts" USING ((SELECT current_setting('cyberdesk.system', true)) = 'on') WITH CHECK ((SELECT current_setting('cyberdesk.system', true)) = 'on')
--;
GRANT SELECT, INSERT, UPDATE, DELETE ON "playbook_effects" TO cyberdesk_app
--;
ALTER TABLE "playbook_effects" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "playbook_effects" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY reach ON "playbook_effects" USING ((SELECT current_setting('cyberdesk.system', true)) = 'on') WITH CHECK ((SELECT current_setting('cyberdesk.system', true)) = 'on')
--;
GRANT SELECT, INSERT, DELETE ON "playbook_inbox" TO cyberdesk_app
--;
ALTER TABLE "playbook_inbox" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "playbook_inbox" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY reach ON "playbook_inbox" USING ((SELECT current_setting('cyberdesk.system', true)) = 'on') WITH CHECK ((SELECT current_setting('cyberdesk.system', true)) = 'on')
--;
GRANT SELECT, INSERT, UPDATE, DELETE ON "playbook_publishers" TO cyberdesk_app
--;
ALTER TABLE "playbook_publishers" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "playbook_publishers" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY reach ON "playbook_publishers" USING ((SELECT current_setting('cyberdesk.system', true)) = 'on') WITH CHECK ((SELECT current_setting('cyberdesk.system', true)) = 'on')
--;
GRANT SELECT, INSERT, UPDATE, DELETE ON "playbook_runs" TO cyberdesk_app
--;
ALTER TABLE "playbook_runs" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "playbook_runs" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY reach ON "playbook_runs" USING ((SELECT current_setting('cyberdesk.system', true)) = 'on' OR EXISTS (SELECT 1 FROM cases c WHERE c.id = case_id)) WITH CHECK ((SELECT current_setting('cyberdesk.system', true)) = 'on' OR EXISTS (SELECT 1 FROM cases c WHERE c.id = case_id))
--;
GRANT SELECT, INSERT, UPDATE, DELETE ON "playbook_secrets" TO cyberdesk_app
--;
ALTER TABLE "playbook_secrets" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "playbook_secrets" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY reach ON "playbook_secrets" USING ((SELECT current_setting('cyberdesk.system', true)) = 'on') WITH CHECK ((SELECT current_setting('cyberdesk.system', true)) = 'on')
--;
GRANT SELECT, INSERT, UPDATE, DELETE ON "playbook_steps" TO cyberdesk_app
--;
ALTER TABLE "playbook_steps" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "playbook_steps" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY reach ON "playbook_steps" USING ((SELECT current_setting('cyberdesk.system', true)) = 'on' OR EXISTS (SELECT 1 FROM cases c WHERE c.id = case_id)) WITH CHECK ((SELECT current_setting('cyberdesk.system', true)) = 'on' OR EXISTS (SELECT 1 FROM cases c WHERE c.id = case_id))
--;
GRANT SELECT, INSERT, UPDATE ON "playbook_versions" TO cyberdesk_app
--;
ALTER TABLE "playbook_versions" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "playbook_versions" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY reach ON "playbook_versions" USING (true) WITH CHECK ((SELECT current_setting('cyberdesk.system', true)) = 'on')
--;
CREATE POLICY update ON "playbook_versions" AS RESTRICTIVE FOR UPDATE USING ((SELECT current_setting('cyberdesk.system', true)) = 'on')
--;
CREATE POLICY delete ON "playbook_versions" AS RESTRICTIVE FOR DELETE USING ((SELECT current_setting('cyberdesk.system', true)) = 'on')
--;
GRANT SELECT, INSERT, UPDATE, DELETE ON "private_links" TO cyberdesk_app
--;
ALTER TABLE "private_links" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "private_links" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY reach ON "private_links" USING ((SELECT current_setting('cyberdesk.system', true)) = 'on') WITH CHECK ((SELECT current_setting('cyberdesk.system', true)) = 'on')
--;
GRANT SELECT, INSERT, UPDATE, DELETE ON "refused_acts" TO cyberdesk_app
--;
ALTER TABLE "refused_acts" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "refused_acts" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY reach ON "refused_acts" USING ((SELECT current_setting('cyberdesk.system', true)) = 'on') WITH CHECK ((SELECT current_setting('cyberdesk.system', true)) = 'on')
--;
GRANT SELECT, INSERT, UPDATE, DELETE ON "saved_views" TO cyberdesk_app
--;
ALTER TABLE "saved_views" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "saved_views" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY reach ON "saved_views" USING ((SELECT current_setting('cyberdesk.system', true)) = 'on' OR person_id = NULLIF((SELECT current_setting('cyberdesk.person', true)), '')::uuid) WITH CHECK ((SELECT current_setting('cyberdesk.system', true)) = 'on' OR person_id = NULLIF((SELECT current_setting('cyberdesk.person', true)), '')::uuid)
--;
GRANT SELECT, INSERT, UPDATE, DELETE ON "sign_ins" TO cyberdesk_app
--;
ALTER TABLE "sign_ins" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "sign_ins" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY reach ON "sign_ins" USING ((SELECT current_setting('cyberdesk.system', true)) = 'on' OR person_id = NULLIF((SELECT current_setting('cyberdesk.person', true)), '')::uuid) WITH CHECK ((SELECT current_setting('cyberdesk.system', true)) = 'on' OR person_id = NULLIF((SELECT current_setting('cyberdesk.person', true)), '')::uuid)
--;
GRANT SELECT, INSERT, UPDATE ON "stix_objects" TO cyberdesk_app
--;
ALTER TABLE "stix_objects" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "stix_objects" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY reach ON "stix_objects" USING (((SELECT current_setting('cyberdesk.system', true)) = 'on' OR EXISTS (SELECT 1 FROM cases c WHERE c.id = case_id)) AND ((SELECT current_setting('cyberdesk.system', true)) = 'on' OR (SELECT current_setting('cyberdesk.desks', true)) <> '')) WITH CHECK (((SELECT current_setting('cyberdesk.system', true)) = 'on' OR EXISTS (SELECT 1 FROM cases c WHERE c.id = case_id)) AND ((SELECT current_setting('cyberdesk.system', true)) = 'on' OR (SELECT current_setting('cyberdesk.desks', true)) <> ''))
--;
GRANT SELECT, INSERT, UPDATE, DELETE ON "stored_answers" TO cyberdesk_app
--;
ALTER TABLE "stored_answers" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "stored_answers" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY reach ON "stored_answers" USING ((SELECT current_setting('cyberdesk.system', true)) = 'on') WITH CHECK ((SELECT current_setting('cyberdesk.system', true)) = 'on')
--;
GRANT SELECT, INSERT, UPDATE ON "stored_files" TO cyberdesk_app
--;
ALTER TABLE "stored_files" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "stored_files" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY reach ON "stored_files" USING (((SELECT current_setting('cyberdesk.system', true)) = 'on' OR EXISTS (SELECT 1 FROM cases c WHERE c.id = case_id)) OR ((SELECT current_setting('cyberdesk.system', true)) = 'on' OR declaration_id = ANY ((SELECT string_to_array(current_setting('cyberdesk.declarations', true), ',')::uuid[])::uuid[]))) WITH CHECK (((SELECT current_setting('cyberdesk.system', true)) = 'on' OR EXISTS (SELECT 1 FROM cases c WHERE c.id = case_id)) OR ((SELECT current_setting('cyberdesk.system', true)) = 'on' OR declaration_id = ANY ((SELECT string_to_array(current_setting('cyberdesk.declarations', true), ',')::uuid[])::uuid[])))
--;
GRANT SELECT, INSERT, UPDATE, DELETE ON "sweeper_beats" TO cyberdesk_app
--;
ALTER TABLE "sweeper_beats" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "sweeper_beats" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY reach ON "sweeper_beats" USING (true) WITH CHECK ((SELECT current_setting('cyberdesk.system', true)) = 'on')
--;
CREATE POLICY update ON "sweeper_beats" AS RESTRICTIVE FOR UPDATE USING ((SELECT current_setting('cyberdesk.system', true)) = 'on')
--;
CREATE POLICY delete ON "sweeper_beats" AS RESTRICTIVE FOR DELETE USING ((SELECT current_setting('cyberdesk.system', true)) = 'on')
--;
GRANT SELECT, INSERT, UPDATE, DELETE ON "tasks" TO cyberdesk_app
--;
ALTER TABLE "tasks" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "tasks" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY reach ON "tasks" USING ((SELECT current_setting('cyberdesk.system', true)) = 'on' OR EXISTS (SELECT 1 FROM cases c WHERE c.id = case_id)) WITH CHECK ((SELECT current_setting('cyberdesk.system', true)) = 'on' OR EXISTS (SELECT 1 FROM cases c WHERE c.id = case_id))
--;
GRANT SELECT, INSERT, UPDATE, DELETE ON "ways" TO cyberdesk_app
--;
ALTER TABLE "ways" ENABLE ROW LEVEL SECURITY
--;
ALTER TABLE "ways" FORCE ROW LEVEL SECURITY
--;
CREATE POLICY reach ON "ways" USING (((SELECT current_setting('cyberdesk.system', true)) = 'on' OR declaration_id = ANY ((SELECT string_to_array(current_setting('cyberdesk.declarations', true), ',')::uuid[])::uuid[])) OR ((SELECT current_setting('cyberdesk.system', true)) = 'on' OR EXISTS (SELECT 1 FROM cases c WHERE c.id = case_id))) WITH CHECK (((SELECT current_setting('cyberdesk.system', true)) = 'on' OR declaration_id = ANY ((SELECT string_to_array(current_setting('cyberdesk.declarations', true), ',')::uuid[])::uuid[])) OR ((SELECT current_setting('cyberdesk.system', true)) = 'on' OR EXISTS (SELECT 1 FROM cases c WHERE c.id = case_id)))
--;
CREATE OR REPLACE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the journal is append-only: % on % is refused', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege';
END $$
--;
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries
FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change()
--;
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_leaves
FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change()
--;
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_checkpoints
FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change()
--;
CREATE OR REPLACE FUNCTION audit_queue_entry() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO audit_pending (entry_id) VALUES (NEW.id);
  RETURN NULL;
END $$
--;
CREATE OR REPLACE TRIGGER queue_entry AFTER INSERT ON audit_entries
FOR EACH ROW EXECUTE FUNCTION audit_queue_entry()
