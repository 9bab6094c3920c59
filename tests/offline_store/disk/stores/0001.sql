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
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE app_keys (
	kid TEXT NOT NULL, 
	public_key TEXT, 
	alg INTEGER, 
	valid_from INTEGER, 
	valid_until INTEGER, 
	revoked_at INTEGER, 
	heard INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_app_keys PRIMARY KEY (kid)
);
INSERT INTO "app_keys" VALUES('00ff','QQ==',-19,1,2,NULL,0);
CREATE TABLE business_days (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	date TEXT NOT NULL, 
	opened_by TEXT NOT NULL, 
	serial INTEGER, 
	counter_base INTEGER DEFAULT '0' NOT NULL
);
INSERT INTO "business_days" VALUES(1,'2026-11-25','clock',NULL,0);
CREATE TABLE calls_heard (
	day_id INTEGER NOT NULL, 
	number TEXT NOT NULL, 
	counter INTEGER NOT NULL, 
	at TEXT NOT NULL, 
	CONSTRAINT pk_calls_heard PRIMARY KEY (day_id, number)
);
INSERT INTO "calls_heard" VALUES(1,'B2001',3,'2026-11-25T09:10:00Z');
CREATE TABLE catalogue (
	code TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	entry TEXT NOT NULL, 
	heard INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_catalogue PRIMARY KEY (code)
);
INSERT INTO "catalogue" VALUES('clearance',1,'{}',0);
CREATE TABLE central_keys (
	kid TEXT NOT NULL, 
	purpose TEXT NOT NULL, 
	public_key TEXT NOT NULL, 
	current INTEGER DEFAULT '1' NOT NULL, 
	added INTEGER DEFAULT '0' NOT NULL, 
	retired INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_central_keys PRIMARY KEY (kid, purpose)
);
INSERT INTO "central_keys" VALUES('2f6bb541','sealing','pWMrwMgEGQzNdFq9BDg+u4znrLyWuixgY0ZaTp6RG2M=',1,0,0);
CREATE TABLE centre_records (
	kind TEXT NOT NULL, 
	body TEXT NOT NULL, 
	message_id INTEGER NOT NULL, 
	heard INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_centre_records PRIMARY KEY (kind)
);
INSERT INTO "centre_records" VALUES('hubs','{}',8,0);
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
INSERT INTO "epochs" VALUES('4e7f6176-406f-44dd-964e-e02b564dcdeb','kiosk-0001',2,NULL);
CREATE TABLE feed (
	one INTEGER NOT NULL, 
	cursor TEXT, 
	business_day_serial INTEGER DEFAULT '0' NOT NULL, 
	epoch TEXT, 
	through INTEGER, 
	generation INTEGER DEFAULT '0' NOT NULL, 
	part INTEGER, 
	CONSTRAINT pk_feed PRIMARY KEY (one)
);
INSERT INTO "feed" VALUES(1,'e.77.m',5,NULL,77,0,NULL);
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
INSERT INTO "items" VALUES(1,'671e1dde-ae52-4631-b687-1e3689a9fcf6','4e7f6176-406f-44dd-964e-e02b564dcdeb',1,'audit','2026-11-25T09:00:00.000000Z',100000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6InN0b3JlLW9wZW5lZCIsImRldGFpbCI6eyJ3aHkiOiJuZXctc3RvcmUiLCJmb3JtZXJfZXBvY2giOm51bGwsImZvcm1lcl9sYXN0X3NlcSI6bnVsbCwiZm9ybWVyX2xhc3RfaGFzaCI6bnVsbH19','0000000000000000000000000000000000000000000000000000000000000000','154938bb33a74748d0fdb30b98559bdc589a78537576a332c73dbc105dcdc14c','acknowledged',NULL,1795597200);
INSERT INTO "items" VALUES(2,'95b42c0c-27a9-450b-8587-195a8cbe8e96','4e7f6176-406f-44dd-964e-e02b564dcdeb',2,'audit','2026-11-25T09:00:00.000000Z',100000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6ImJ1c2luZXNzLWRheS1vcGVuZWQiLCJkZXRhaWwiOnsiZGF0ZSI6IjIwMjYtMTEtMjUiLCJieSI6ImNsb2NrIiwiZGF5IjoxfX0=','154938bb33a74748d0fdb30b98559bdc589a78537576a332c73dbc105dcdc14c','491dffb280c921aa7b48f23a9a119193199d0d17cd50c1a22c5999d29c41c98c','waiting',NULL,NULL);
INSERT INTO "items" VALUES(3,'83f2dfa6-916a-4a01-a7c8-f24971e3924f','4e7f6176-406f-44dd-964e-e02b564dcdeb',3,'ticket','2026-11-25T09:00:00.000000Z',100000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJudW1iZXIiOiJCMjAwMSIsInNlcnZpY2UiOiJjbGVhcmFuY2UiLCJidXNpbmVzc19kYXkiOiIyMDI2LTExLTI1IiwidG9rZW4iOiI0ODlkYWQ5YmRmNDhiMTdhYTgwNGU2YWEwMTA4YmY2NiJ9','491dffb280c921aa7b48f23a9a119193199d0d17cd50c1a22c5999d29c41c98c','a8750a1fa7c6b6eba2fd15032728f0c5303d6424624a3ad0c83374f129113934','waiting',NULL,NULL);
INSERT INTO "items" VALUES(4,'239b21c6-05ed-4123-9232-495fbf1cb2d2','4e7f6176-406f-44dd-964e-e02b564dcdeb',4,'ticket','2026-11-25T09:00:00.000000Z',100000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJudW1iZXIiOiJDMjAwMSIsInNlcnZpY2UiOiJjbGVhcmFuY2UiLCJidXNpbmVzc19kYXkiOiIyMDI2LTExLTI1IiwidG9rZW4iOiI2MTgxNzM3ODYzMDg0Mzc1MTBmZjgwMmVkYjkyZmM2ZCJ9','a8750a1fa7c6b6eba2fd15032728f0c5303d6424624a3ad0c83374f129113934','d93bd4d30c685ea916ce2135576bea0d7e8f007d00b0d389d04cc414fe41524c','waiting',NULL,NULL);
INSERT INTO "items" VALUES(5,'325b2871-d4b4-4b3c-a8a6-44cd25054e51','4e7f6176-406f-44dd-964e-e02b564dcdeb',5,'ticket','2026-11-25T09:00:00.000000Z',100000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJudW1iZXIiOiJCMjAwMiIsInNlcnZpY2UiOiJjbGVhcmFuY2UiLCJidXNpbmVzc19kYXkiOiIyMDI2LTExLTI1IiwidG9rZW4iOiJhZTMzNmQzOWQ3OTUwNGY5OTBiYTcxY2E5NzMwZjkwNiJ9','d93bd4d30c685ea916ce2135576bea0d7e8f007d00b0d389d04cc414fe41524c','7a17413d2f19a38aea074beb34644b3414f8167a169389cedaebdfdc12956192','waiting',NULL,NULL);
INSERT INTO "items" VALUES(6,'28337077-ec83-4d11-b87f-babf6c64dfa5','4e7f6176-406f-44dd-964e-e02b564dcdeb',6,'ticket','2026-11-25T09:00:00.000000Z',100000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJudW1iZXIiOiJDMjAwMiIsInNlcnZpY2UiOiJjbGVhcmFuY2UiLCJidXNpbmVzc19kYXkiOiIyMDI2LTExLTI1IiwidG9rZW4iOiJmNzUyMjZlMjBmODVmMmYwZTY3MzRhYjkxOGU0YzVjYyJ9','7a17413d2f19a38aea074beb34644b3414f8167a169389cedaebdfdc12956192','09cdd7696d7a24dd9e51038f904c93da0f95dc2c0d0165668a5c33817547af26','waiting',NULL,NULL);
INSERT INTO "items" VALUES(7,'81cf7624-eccb-4e00-9286-cfc699174379','4e7f6176-406f-44dd-964e-e02b564dcdeb',7,'ticket','2026-11-25T09:00:00.000000Z',100000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJudW1iZXIiOiJCMjAwMyIsInNlcnZpY2UiOiJjbGVhcmFuY2UiLCJidXNpbmVzc19kYXkiOiIyMDI2LTExLTI1IiwidG9rZW4iOiJmNjJmM2E3YzhiY2E5MDE4NDZhNTI4OWY3OGE1NGMyMCJ9','09cdd7696d7a24dd9e51038f904c93da0f95dc2c0d0165668a5c33817547af26','10cb157beae5d2e69dbb68dd5f24f15176a9899431d76c7d1de931fa3d29c76c','waiting',NULL,NULL);
INSERT INTO "items" VALUES(8,'21983073-bb73-4be9-a76e-c78eeb473afa','4e7f6176-406f-44dd-964e-e02b564dcdeb',8,'order','2026-11-25T09:00:00.000000Z',100000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJvdXRjb21lIjoiYWNjZXB0ZWQiLCJvcmRlcl9pZCI6ImFiYWJhYmFiYWJhYmFiYWJhYmFiYWJhYmFiYWJhYmFiIiwiY29kZV9zaGEyNTYiOiI4MTk3YjM0MjQzNjNlNzZmMzMzNjI1NmVhMGQxODcyMTA2YTg4Y2RlMjJiOGY5N2ExYmRiNGRlZDI2MzQ5NzdkIiwic2VhbGVkIjp7ImtpZCI6IjJmNmJiNTQxIiwiZGF0YSI6IkdzRnpFQXRxemU4ZEt4MnVaU3BpR2Q3ZFFkUkNYUGtVQlB2MDYvcGpaVDlHQlg4czlXeHpvTHoybC9SNXMvZ1hkZFdUV1AycUpTQy94MkJUeVN3R29RPT0ifX0=','10cb157beae5d2e69dbb68dd5f24f15176a9899431d76c7d1de931fa3d29c76c','99a1c5cda84d53e12cccc9f3f9de16222da37ffcf449b31a7b36523761965895','waiting',NULL,NULL);
INSERT INTO "items" VALUES(9,'35cf370a-2baa-41cc-8f8f-ad581ef84306','4e7f6176-406f-44dd-964e-e02b564dcdeb',9,'print','2026-11-25T09:00:00.000000Z',100000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJpdGVtIjoiODFjZjc2MjQtZWNjYi00ZTAwLTkyODYtY2ZjNjk5MTc0Mzc5IiwicGFwZXIiOiJ0aWNrZXQiLCJzdGF0ZSI6InByaW50ZWQifQ==','99a1c5cda84d53e12cccc9f3f9de16222da37ffcf449b31a7b36523761965895','c9e7f1841ea0231ea89fd2ab9f00c51f8c01fdea8e793ccde3f833edf8eb246b','waiting',NULL,NULL);
CREATE TABLE listeners (
	name TEXT NOT NULL, 
	peer TEXT NOT NULL, 
	term INTEGER NOT NULL, 
	heard_through INTEGER NOT NULL, 
	statement TEXT, 
	CONSTRAINT pk_listeners PRIMARY KEY (name)
);
INSERT INTO "listeners" VALUES('hub','hub-1',1,2,NULL);
CREATE TABLE order_questions (
	"row" INTEGER NOT NULL, 
	order_id TEXT NOT NULL, 
	day_id INTEGER NOT NULL, 
	asked INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_order_questions PRIMARY KEY ("row"), 
	CONSTRAINT uq_order_questions_order_id UNIQUE (order_id)
);
INSERT INTO "order_questions" VALUES(1,'efefefefefefefefefefefefefefefef',1,0);
CREATE TABLE order_states (
	order_id TEXT NOT NULL, 
	number TEXT, 
	state TEXT NOT NULL, 
	at TEXT, 
	centre TEXT, 
	service TEXT, 
	heard INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_order_states PRIMARY KEY (order_id)
);
INSERT INTO "order_states" VALUES('cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd','1234567890','ready',NULL,NULL,NULL,0);
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
INSERT INTO "orders" VALUES('21983073-bb73-4be9-a76e-c78eeb473afa','scan','abababababababababababababababab','8197b3424363e76f3336256ea0d1872106a88cde22b8f97a1bdb4ded2634977d',NULL,'accepted',NULL,NULL,1795597200000000,'3f2c9d1e-0000-4000-8000-000000000001',100000000000);
CREATE TABLE pin_attempts (
	name TEXT NOT NULL, 
	failures INTEGER NOT NULL, 
	boot_id TEXT NOT NULL, 
	boot_time_ns INTEGER NOT NULL, 
	waited_s INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_pin_attempts PRIMARY KEY (name)
);
INSERT INTO "pin_attempts" VALUES('t1',2,'b',7,0);
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
INSERT INTO "print_jobs" VALUES(1,'81cf7624-eccb-4e00-9286-cfc699174379','ticket',0,'printed',NULL,90,1795597200,1795597200);
CREATE TABLE settings (
	"key" TEXT NOT NULL, 
	value TEXT NOT NULL, 
	heard INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_settings PRIMARY KEY ("key")
);
INSERT INTO "settings" VALUES('volume','3',0);
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
	first_pin_ended INTEGER DEFAULT '0' NOT NULL, 
	signed_us INTEGER, 
	CONSTRAINT pk_store PRIMARY KEY (one)
);
INSERT INTO "store" VALUES(1,'4e7f6176-406f-44dd-964e-e02b564dcdeb','kiosk-0001','homs-main',2,'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',9,'c9e7f1841ea0231ea89fd2ab9f00c51f8c01fdea8e793ccde3f833edf8eb246b',1795597200000000,NULL,NULL,NULL,NULL,0,0,NULL);
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
	heard INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_technicians PRIMARY KEY (id)
);
INSERT INTO "technicians" VALUES('t1','Rana','homs-main','manager','h',0);
CREATE TABLE ticket_changes (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	ticket_row INTEGER NOT NULL
);
INSERT INTO "ticket_changes" VALUES(1,3);
INSERT INTO "ticket_changes" VALUES(2,4);
INSERT INTO "ticket_changes" VALUES(3,5);
INSERT INTO "ticket_changes" VALUES(4,6);
INSERT INTO "ticket_changes" VALUES(5,7);
INSERT INTO "ticket_changes" VALUES(6,7);
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
CREATE INDEX ix_tickets_order ON tickets (day_id, order_id) WHERE order_id IS NOT NULL;
CREATE INDEX ix_orders_code_sha256 ON orders (code_sha256);
CREATE UNIQUE INDEX uq_orders_unverified ON orders (code_sha256) WHERE order_id IS NULL;
CREATE INDEX ix_print_jobs_item_id ON print_jobs (item_id);
CREATE INDEX ix_print_jobs_sending ON print_jobs (id) WHERE state = 'sending';
CREATE TRIGGER ticket_issued AFTER INSERT ON tickets BEGIN
        INSERT INTO ticket_changes (ticket_row) VALUES (NEW.row);
    END;
CREATE TRIGGER ticket_voided AFTER UPDATE OF voided ON tickets BEGIN
        INSERT INTO ticket_changes (ticket_row) VALUES (NEW.row);
    END;
CREATE TRIGGER ticket_printed AFTER UPDATE OF state ON print_jobs WHEN NEW.state <> 'sending' BEGIN
        INSERT INTO ticket_changes (ticket_row)
        SELECT items.row FROM items JOIN tickets ON tickets.row = items.row WHERE items.id = NEW.item_id;
    END;
CREATE INDEX ix_order_states_number ON order_states (number);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('business_days',1);
INSERT INTO "sqlite_sequence" VALUES('ticket_changes',6);
COMMIT;
