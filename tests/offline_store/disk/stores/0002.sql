BEGIN TRANSACTION;
CREATE TABLE alarms (
	code TEXT NOT NULL, 
	since_at INTEGER NOT NULL, 
	detail TEXT NOT NULL, 
	CONSTRAINT pk_alarms PRIMARY KEY (code)
);
INSERT INTO "alarms" VALUES('paper',6,'out');
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0002');
CREATE TABLE app_keys (
	kid TEXT NOT NULL, 
	public_key TEXT, 
	alg INTEGER, 
	valid_from INTEGER, 
	valid_until INTEGER, 
	revoked_at INTEGER, 
	CONSTRAINT pk_app_keys PRIMARY KEY (kid)
);
INSERT INTO "app_keys" VALUES('00ff','QQ==',-19,1,2,NULL);
CREATE TABLE business_days (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	date TEXT NOT NULL, 
	opened_by TEXT NOT NULL, 
	serial INTEGER, 
	counter_base INTEGER DEFAULT '0' NOT NULL
);
INSERT INTO "business_days" VALUES(1,'2026-11-25','clock',NULL,0);
CREATE TABLE catalogue (
	code TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	entry TEXT NOT NULL, 
	CONSTRAINT pk_catalogue PRIMARY KEY (code)
);
INSERT INTO "catalogue" VALUES('clearance',1,'{}');
CREATE TABLE central_keys (
	kid TEXT NOT NULL, 
	purpose TEXT NOT NULL, 
	public_key TEXT NOT NULL, 
	current INTEGER DEFAULT '1' NOT NULL, 
	added INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_central_keys PRIMARY KEY (kid, purpose)
);
INSERT INTO "central_keys" VALUES('2f6bb541','sealing','pWMrwMgEGQzNdFq9BDg+u4znrLyWuixgY0ZaTp6RG2M=',1,0);
CREATE TABLE centre_records (
	kind TEXT NOT NULL, 
	body TEXT NOT NULL, 
	message_id INTEGER NOT NULL, 
	CONSTRAINT pk_centre_records PRIMARY KEY (kind)
);
INSERT INTO "centre_records" VALUES('hubs','{}',8);
CREATE TABLE chain_gaps (
	epoch TEXT NOT NULL, 
	first_seq INTEGER NOT NULL, 
	last_seq INTEGER NOT NULL, 
	first_prev_hash TEXT NOT NULL, 
	last_hash TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	CONSTRAINT pk_chain_gaps PRIMARY KEY (epoch, first_seq)
);
INSERT INTO "chain_gaps" VALUES('former',1,9,'0','1','pruned');
CREATE TABLE counters (
	day_id INTEGER NOT NULL, 
	prefix TEXT NOT NULL, 
	n INTEGER NOT NULL, 
	CONSTRAINT pk_counters PRIMARY KEY (day_id, prefix)
);
INSERT INTO "counters" VALUES(1,'B',3);
INSERT INTO "counters" VALUES(1,'C',2);
CREATE TABLE delivery (
	one INTEGER NOT NULL, 
	last_success_at INTEGER, 
	last_error TEXT, 
	last_error_at INTEGER, 
	next_attempt_at INTEGER, 
	try_now INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_delivery PRIMARY KEY (one)
);
INSERT INTO "delivery" VALUES(1,NULL,NULL,NULL,NULL,0);
CREATE TABLE epochs (
	epoch TEXT NOT NULL, 
	kiosk TEXT NOT NULL, 
	digit INTEGER NOT NULL, 
	former TEXT, 
	CONSTRAINT pk_epochs PRIMARY KEY (epoch)
);
INSERT INTO "epochs" VALUES('a59f42c1-9fb9-4a63-8b79-7571012affb0','kiosk-0001',2,NULL);
CREATE TABLE feed (
	one INTEGER NOT NULL, 
	cursor INTEGER, 
	business_day_serial INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_feed PRIMARY KEY (one)
);
INSERT INTO "feed" VALUES(1,77,5);
CREATE TABLE feed_set_aside (
	id INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	body TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	received_at INTEGER NOT NULL, 
	CONSTRAINT pk_feed_set_aside PRIMARY KEY (id)
);
INSERT INTO "feed_set_aside" VALUES(4,'odd','{}','unknown kind',5);
CREATE TABLE items (
	"row" INTEGER NOT NULL, 
	id TEXT NOT NULL, 
	epoch TEXT NOT NULL, 
	seq INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	wall_time TEXT NOT NULL, 
	boot_time_ns INTEGER NOT NULL, 
	boot_id TEXT NOT NULL, 
	clock TEXT NOT NULL, 
	body TEXT NOT NULL, 
	prev_hash TEXT NOT NULL, 
	hash TEXT NOT NULL, 
	state TEXT DEFAULT 'waiting' NOT NULL, 
	reason TEXT, 
	ended_at INTEGER, 
	CONSTRAINT pk_items PRIMARY KEY ("row"), 
	CONSTRAINT uq_items_epoch_seq UNIQUE (epoch, seq), 
	CONSTRAINT uq_items_id UNIQUE (id)
);
INSERT INTO "items" VALUES(1,'8f409a8f-baba-4347-8930-45c641712ed8','a59f42c1-9fb9-4a63-8b79-7571012affb0',1,'audit','2026-11-25T09:00:00.000000Z',100000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6InN0b3JlLW9wZW5lZCIsImRldGFpbCI6eyJ3aHkiOiJuZXctc3RvcmUiLCJmb3JtZXJfZXBvY2giOm51bGwsImZvcm1lcl9sYXN0X3NlcSI6bnVsbCwiZm9ybWVyX2xhc3RfaGFzaCI6bnVsbH19','0000000000000000000000000000000000000000000000000000000000000000','08d88e0f5f6f23f852f2039eb17c3c0a93e6872b4b89863fd33a69e274a0a1b1','acknowledged',NULL,1795597200);
INSERT INTO "items" VALUES(2,'7b23b232-dda5-4490-9632-63520c8d1991','a59f42c1-9fb9-4a63-8b79-7571012affb0',2,'audit','2026-11-25T09:00:00.000000Z',100000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6ImJ1c2luZXNzLWRheS1vcGVuZWQiLCJkZXRhaWwiOnsiZGF0ZSI6IjIwMjYtMTEtMjUiLCJieSI6ImNsb2NrIiwiZGF5IjoxfX0=','08d88e0f5f6f23f852f2039eb17c3c0a93e6872b4b89863fd33a69e274a0a1b1','9c73c2fad08eb813b38f09f58e8572ad5b4f52d867471f45639a6c6a37a911ad','waiting',NULL,NULL);
INSERT INTO "items" VALUES(3,'fa374c18-d9f6-4e3c-ac24-3aae4e3e8cde','a59f42c1-9fb9-4a63-8b79-7571012affb0',3,'ticket','2026-11-25T09:00:00.000000Z',100000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJudW1iZXIiOiJCMjAwMSIsInNlcnZpY2UiOiJjbGVhcmFuY2UiLCJidXNpbmVzc19kYXkiOiIyMDI2LTExLTI1In0=','9c73c2fad08eb813b38f09f58e8572ad5b4f52d867471f45639a6c6a37a911ad','45c29d912f2bfd8aa75609bd31748b9231c8b1f015524b0c9e2340dc14fe091c','waiting',NULL,NULL);
INSERT INTO "items" VALUES(4,'9514ba23-a1e7-4d25-93d9-ca9a0c4c7d90','a59f42c1-9fb9-4a63-8b79-7571012affb0',4,'ticket','2026-11-25T09:00:00.000000Z',100000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJudW1iZXIiOiJDMjAwMSIsInNlcnZpY2UiOiJjbGVhcmFuY2UiLCJidXNpbmVzc19kYXkiOiIyMDI2LTExLTI1In0=','45c29d912f2bfd8aa75609bd31748b9231c8b1f015524b0c9e2340dc14fe091c','e3a400f0263e924d60fe2967101a12f65c457aedec1215bc881b71cebdd3d2aa','waiting',NULL,NULL);
INSERT INTO "items" VALUES(5,'e6c076ff-3268-46fa-9db9-4b4d9f53d277','a59f42c1-9fb9-4a63-8b79-7571012affb0',5,'ticket','2026-11-25T09:00:00.000000Z',100000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJudW1iZXIiOiJCMjAwMiIsInNlcnZpY2UiOiJjbGVhcmFuY2UiLCJidXNpbmVzc19kYXkiOiIyMDI2LTExLTI1In0=','e3a400f0263e924d60fe2967101a12f65c457aedec1215bc881b71cebdd3d2aa','7a198f483dd7b8b680b33dd6ef353203833a3671d508912d23f2a32844796cb3','waiting',NULL,NULL);
INSERT INTO "items" VALUES(6,'b60060eb-bb52-4df0-ab90-c5a74a483912','a59f42c1-9fb9-4a63-8b79-7571012affb0',6,'ticket','2026-11-25T09:00:00.000000Z',100000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJudW1iZXIiOiJDMjAwMiIsInNlcnZpY2UiOiJjbGVhcmFuY2UiLCJidXNpbmVzc19kYXkiOiIyMDI2LTExLTI1In0=','7a198f483dd7b8b680b33dd6ef353203833a3671d508912d23f2a32844796cb3','fac52217d01adaac266ebb154bfa7971f984f88d1f2d0d792e04d42890410f7b','waiting',NULL,NULL);
INSERT INTO "items" VALUES(7,'25033ac9-cb30-4ac7-ab7c-81ebb900a2e0','a59f42c1-9fb9-4a63-8b79-7571012affb0',7,'ticket','2026-11-25T09:00:00.000000Z',100000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJudW1iZXIiOiJCMjAwMyIsInNlcnZpY2UiOiJjbGVhcmFuY2UiLCJidXNpbmVzc19kYXkiOiIyMDI2LTExLTI1In0=','fac52217d01adaac266ebb154bfa7971f984f88d1f2d0d792e04d42890410f7b','911276c68bb4ba8e2e5297dcfe5e4f3966a8db0e5976b162ee605293f4bb9127','waiting',NULL,NULL);
INSERT INTO "items" VALUES(8,'d6341eda-be5e-4be2-b4f2-b34ecde75032','a59f42c1-9fb9-4a63-8b79-7571012affb0',8,'order','2026-11-25T09:00:00.000000Z',100000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJvdXRjb21lIjoiYWNjZXB0ZWQiLCJvcmRlcl9pZCI6ImFiYWJhYmFiYWJhYmFiYWJhYmFiYWJhYmFiYWJhYmFiIiwiY29kZV9zaGEyNTYiOiI4MTk3YjM0MjQzNjNlNzZmMzMzNjI1NmVhMGQxODcyMTA2YTg4Y2RlMjJiOGY5N2ExYmRiNGRlZDI2MzQ5NzdkIiwic2VhbGVkIjp7ImtpZCI6IjJmNmJiNTQxIiwiZGF0YSI6InBkYnhuTUxpV01VZEN0cU9CaFJKNmFxYVdHd1RxeHlFc0p5OFlEbmgwUklLZVM1ZExDdnRmYisySzVPTXZFVXVObFlXcXd0TVpIYzJZM2F3bU9qbFNRPT0ifX0=','911276c68bb4ba8e2e5297dcfe5e4f3966a8db0e5976b162ee605293f4bb9127','536f95fd398ba5025aafd0bd4040702aa382666743614445d79fbc5f406378ba','waiting',NULL,NULL);
INSERT INTO "items" VALUES(9,'3042339f-6080-4bc1-b83a-08e18cc1da5c','a59f42c1-9fb9-4a63-8b79-7571012affb0',9,'print','2026-11-25T09:00:00.000000Z',100000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJpdGVtIjoiMjUwMzNhYzktY2IzMC00YWM3LWFiN2MtODFlYmI5MDBhMmUwIiwicGFwZXIiOiJ0aWNrZXQiLCJzdGF0ZSI6InByaW50ZWQifQ==','536f95fd398ba5025aafd0bd4040702aa382666743614445d79fbc5f406378ba','8b19df3d7e45a247ded511752d668895e4444707e4a00da98197d882132596d2','waiting',NULL,NULL);
CREATE TABLE order_states (
	order_id TEXT NOT NULL, 
	number TEXT, 
	state TEXT NOT NULL, 
	at TEXT, 
	centre TEXT, 
	service TEXT, 
	CONSTRAINT pk_order_states PRIMARY KEY (order_id)
);
INSERT INTO "order_states" VALUES('cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd','1234567890','ready',NULL,NULL,NULL);
CREATE TABLE orders (
	id TEXT NOT NULL, 
	intention TEXT NOT NULL, 
	order_id TEXT, 
	code_sha256 TEXT NOT NULL, 
	service TEXT, 
	outcome TEXT NOT NULL, 
	order_number TEXT, 
	expires_at INTEGER, 
	recorded_us INTEGER NOT NULL, 
	boot_id TEXT NOT NULL, 
	boot_time_ns INTEGER NOT NULL, 
	CONSTRAINT pk_orders PRIMARY KEY (id), 
	CONSTRAINT uq_orders_intention UNIQUE (intention), 
	CONSTRAINT uq_orders_order_id UNIQUE (order_id)
);
INSERT INTO "orders" VALUES('d6341eda-be5e-4be2-b4f2-b34ecde75032','scan','abababababababababababababababab','8197b3424363e76f3336256ea0d1872106a88cde22b8f97a1bdb4ded2634977d',NULL,'accepted',NULL,NULL,1795597200000000,'3f2c9d1e-0000-4000-8000-000000000001',100000000000);
CREATE TABLE pin_attempts (
	name TEXT NOT NULL, 
	failures INTEGER NOT NULL, 
	boot_id TEXT NOT NULL, 
	boot_time_ns INTEGER NOT NULL, 
	CONSTRAINT pk_pin_attempts PRIMARY KEY (name)
);
INSERT INTO "pin_attempts" VALUES('t1',2,'b',7);
CREATE TABLE print_jobs (
	id INTEGER NOT NULL, 
	item_id TEXT NOT NULL, 
	paper TEXT NOT NULL, 
	copy INTEGER NOT NULL, 
	state TEXT NOT NULL, 
	reason TEXT, 
	millimetres INTEGER, 
	started_at INTEGER NOT NULL, 
	ended_at INTEGER, 
	CONSTRAINT pk_print_jobs PRIMARY KEY (id)
);
INSERT INTO "print_jobs" VALUES(1,'25033ac9-cb30-4ac7-ab7c-81ebb900a2e0','ticket',0,'printed',NULL,90,1795597200,1795597200);
CREATE TABLE settings (
	"key" TEXT NOT NULL, 
	value TEXT NOT NULL, 
	CONSTRAINT pk_settings PRIMARY KEY ("key")
);
INSERT INTO "settings" VALUES('volume','3');
CREATE TABLE store (
	one INTEGER NOT NULL, 
	epoch TEXT NOT NULL, 
	kiosk TEXT NOT NULL, 
	centre TEXT NOT NULL, 
	digit INTEGER NOT NULL, 
	machine TEXT, 
	head_seq INTEGER NOT NULL, 
	head_hash TEXT NOT NULL, 
	floor_us INTEGER, 
	anchor_us INTEGER, 
	anchor_boot_id TEXT, 
	anchor_boot_time_ns INTEGER, 
	tickets_closed TEXT, 
	next_day_base INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_store PRIMARY KEY (one)
);
INSERT INTO "store" VALUES(1,'a59f42c1-9fb9-4a63-8b79-7571012affb0','kiosk-0001','homs-main',2,'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',9,'8b19df3d7e45a247ded511752d668895e4444707e4a00da98197d882132596d2',1795597200000000,NULL,NULL,NULL,NULL,0);
CREATE TABLE tallies (
	name TEXT NOT NULL, 
	total INTEGER NOT NULL, 
	trip INTEGER NOT NULL, 
	CONSTRAINT pk_tallies PRIMARY KEY (name)
);
INSERT INTO "tallies" VALUES('papers',1,1);
INSERT INTO "tallies" VALUES('paper_mm',90,90);
CREATE TABLE technicians (
	id TEXT NOT NULL, 
	name TEXT NOT NULL, 
	centre TEXT NOT NULL, 
	role TEXT NOT NULL, 
	pin_hash TEXT NOT NULL, 
	CONSTRAINT pk_technicians PRIMARY KEY (id)
);
INSERT INTO "technicians" VALUES('t1','Rana','homs-main','manager','h');
CREATE TABLE tickets (
	"row" INTEGER NOT NULL, 
	intention TEXT NOT NULL, 
	day_id INTEGER NOT NULL, 
	prefix TEXT NOT NULL, 
	digit INTEGER NOT NULL, 
	n INTEGER NOT NULL, 
	number TEXT NOT NULL, 
	service TEXT NOT NULL, 
	priority TEXT NOT NULL, 
	order_id TEXT, 
	voided TEXT, 
	CONSTRAINT pk_tickets PRIMARY KEY ("row"), 
	CONSTRAINT uq_tickets_day_id_prefix_digit_n UNIQUE (day_id, prefix, digit, n), 
	CONSTRAINT uq_tickets_intention UNIQUE (intention)
);
INSERT INTO "tickets" VALUES(3,'i0',1,'B',2,1,'B2001','clearance','none',NULL,NULL);
INSERT INTO "tickets" VALUES(4,'i1',1,'C',2,1,'C2001','clearance','none',NULL,NULL);
INSERT INTO "tickets" VALUES(5,'i2',1,'B',2,2,'B2002','clearance','none',NULL,NULL);
INSERT INTO "tickets" VALUES(6,'i3',1,'C',2,2,'C2002','clearance','none',NULL,NULL);
INSERT INTO "tickets" VALUES(7,'i4',1,'B',2,3,'B2003','clearance','none',NULL,NULL);
CREATE INDEX ix_items_dead ON items ("row") WHERE state = 'dead';
CREATE INDEX ix_items_waiting ON items ("row") WHERE state = 'waiting';
CREATE INDEX ix_order_states_number ON order_states (number);
CREATE INDEX ix_orders_code_sha256 ON orders (code_sha256);
CREATE UNIQUE INDEX uq_orders_unverified ON orders (code_sha256) WHERE order_id IS NULL;
CREATE INDEX ix_print_jobs_item_id ON print_jobs (item_id);
CREATE INDEX ix_print_jobs_sending ON print_jobs (id) WHERE state = 'sending';
CREATE INDEX ix_tickets_order ON tickets (day_id, order_id) WHERE order_id IS NOT NULL;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('business_days',1);
COMMIT;
