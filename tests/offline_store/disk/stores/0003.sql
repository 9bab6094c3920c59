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
INSERT INTO "alembic_version" VALUES('0003');
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
INSERT INTO "epochs" VALUES('86d0c459-b14f-4640-bc1a-3e0bdc0258f8','kiosk-0001',2,NULL);
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
INSERT INTO "items" VALUES(1,'73dd428e-bbb7-4c46-bba9-2a37752a2a05','86d0c459-b14f-4640-bc1a-3e0bdc0258f8',1,'audit','2026-11-25T09:00:00.000000Z',100000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6InN0b3JlLW9wZW5lZCIsImRldGFpbCI6eyJ3aHkiOiJuZXctc3RvcmUiLCJmb3JtZXJfZXBvY2giOm51bGwsImZvcm1lcl9sYXN0X3NlcSI6bnVsbCwiZm9ybWVyX2xhc3RfaGFzaCI6bnVsbH19','0000000000000000000000000000000000000000000000000000000000000000','eef6983a13b41f4c70e9632cf3866705bd0652cd0bc4ac44e88f0bff138ab3b1','acknowledged',NULL,1795597200);
INSERT INTO "items" VALUES(2,'c9525746-c859-474e-8094-101132df0853','86d0c459-b14f-4640-bc1a-3e0bdc0258f8',2,'audit','2026-11-25T09:00:00.000000Z',100000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6ImJ1c2luZXNzLWRheS1vcGVuZWQiLCJkZXRhaWwiOnsiZGF0ZSI6IjIwMjYtMTEtMjUiLCJieSI6ImNsb2NrIiwiZGF5IjoxfX0=','eef6983a13b41f4c70e9632cf3866705bd0652cd0bc4ac44e88f0bff138ab3b1','e0f61b2d176e7c6bafeab30dec1cdec3ae766aee2a96905153b176525eacc000','waiting',NULL,NULL);
INSERT INTO "items" VALUES(3,'278cf8c2-9c35-4589-ae64-354817aac91a','86d0c459-b14f-4640-bc1a-3e0bdc0258f8',3,'ticket','2026-11-25T09:00:00.000000Z',100000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJudW1iZXIiOiJCMjAwMSIsInNlcnZpY2UiOiJjbGVhcmFuY2UiLCJidXNpbmVzc19kYXkiOiIyMDI2LTExLTI1In0=','e0f61b2d176e7c6bafeab30dec1cdec3ae766aee2a96905153b176525eacc000','ab637f1f1f2ca81a736672c28c72d3930fad896541c692e3f4af91d8a8225141','waiting',NULL,NULL);
INSERT INTO "items" VALUES(4,'957383f7-7024-4316-ae57-e80b354f9b34','86d0c459-b14f-4640-bc1a-3e0bdc0258f8',4,'ticket','2026-11-25T09:00:00.000000Z',100000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJudW1iZXIiOiJDMjAwMSIsInNlcnZpY2UiOiJjbGVhcmFuY2UiLCJidXNpbmVzc19kYXkiOiIyMDI2LTExLTI1In0=','ab637f1f1f2ca81a736672c28c72d3930fad896541c692e3f4af91d8a8225141','2a0400ad7c35ce21c55092a84392e935dd972e4baa41c5d610e8a52449cff9f8','waiting',NULL,NULL);
INSERT INTO "items" VALUES(5,'2001f61b-ea1e-46d8-8de9-f455d6557513','86d0c459-b14f-4640-bc1a-3e0bdc0258f8',5,'ticket','2026-11-25T09:00:00.000000Z',100000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJudW1iZXIiOiJCMjAwMiIsInNlcnZpY2UiOiJjbGVhcmFuY2UiLCJidXNpbmVzc19kYXkiOiIyMDI2LTExLTI1In0=','2a0400ad7c35ce21c55092a84392e935dd972e4baa41c5d610e8a52449cff9f8','83dcb03f7893d265f5cf0e1c007da5191fa5681b42e95615733805efba3d2d11','waiting',NULL,NULL);
INSERT INTO "items" VALUES(6,'abb9aed2-0f97-49af-ac95-976510801880','86d0c459-b14f-4640-bc1a-3e0bdc0258f8',6,'ticket','2026-11-25T09:00:00.000000Z',100000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJudW1iZXIiOiJDMjAwMiIsInNlcnZpY2UiOiJjbGVhcmFuY2UiLCJidXNpbmVzc19kYXkiOiIyMDI2LTExLTI1In0=','83dcb03f7893d265f5cf0e1c007da5191fa5681b42e95615733805efba3d2d11','4ed279de030d19808548c89e895a7bcd69b8209c604beb319f327ca82c324413','waiting',NULL,NULL);
INSERT INTO "items" VALUES(7,'e617f2b2-658e-41ae-bb97-9fda82aebf56','86d0c459-b14f-4640-bc1a-3e0bdc0258f8',7,'ticket','2026-11-25T09:00:00.000000Z',100000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJudW1iZXIiOiJCMjAwMyIsInNlcnZpY2UiOiJjbGVhcmFuY2UiLCJidXNpbmVzc19kYXkiOiIyMDI2LTExLTI1In0=','4ed279de030d19808548c89e895a7bcd69b8209c604beb319f327ca82c324413','1956905b30a3ac72f22611bb7cc64ec99d475991620591d0740f76d912cef03c','waiting',NULL,NULL);
INSERT INTO "items" VALUES(8,'03104b4e-da7b-4dd7-a9f4-8f214eeb86ab','86d0c459-b14f-4640-bc1a-3e0bdc0258f8',8,'order','2026-11-25T09:00:00.000000Z',100000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJvdXRjb21lIjoiYWNjZXB0ZWQiLCJvcmRlcl9pZCI6ImFiYWJhYmFiYWJhYmFiYWJhYmFiYWJhYmFiYWJhYmFiIiwiY29kZV9zaGEyNTYiOiI4MTk3YjM0MjQzNjNlNzZmMzMzNjI1NmVhMGQxODcyMTA2YTg4Y2RlMjJiOGY5N2ExYmRiNGRlZDI2MzQ5NzdkIiwic2VhbGVkIjp7ImtpZCI6IjJmNmJiNTQxIiwiZGF0YSI6IlR2U1pWMlNGS0xSZWU1S2FCbjRyWWMrMnh3NzRPM1VmZlJndjV5RzR1eDJvT21PSFFmNExzVCtkVXNLUHpURFpEMjc0N01kNnZPMnovWmRObERwY093PT0ifX0=','1956905b30a3ac72f22611bb7cc64ec99d475991620591d0740f76d912cef03c','e69932c72caf8e98c19c1ff27c2998cdaa3f3c4a634a4b191d08bf81ef359191','waiting',NULL,NULL);
INSERT INTO "items" VALUES(9,'1229a3ac-0363-4944-acf6-debf02e06309','86d0c459-b14f-4640-bc1a-3e0bdc0258f8',9,'print','2026-11-25T09:00:00.000000Z',100000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJpdGVtIjoiZTYxN2YyYjItNjU4ZS00MWFlLWJiOTctOWZkYTgyYWViZjU2IiwicGFwZXIiOiJ0aWNrZXQiLCJzdGF0ZSI6InByaW50ZWQifQ==','e69932c72caf8e98c19c1ff27c2998cdaa3f3c4a634a4b191d08bf81ef359191','3f901bb9c4c798d1f8ef754171479a49f8c618b7d9309d6d307b42e42f3741e5','waiting',NULL,NULL);
CREATE TABLE listeners (
	name TEXT NOT NULL, 
	peer TEXT NOT NULL, 
	term INTEGER NOT NULL, 
	heard_through INTEGER NOT NULL, 
	CONSTRAINT pk_listeners PRIMARY KEY (name)
);
INSERT INTO "listeners" VALUES('hub','hub-1',1,2);
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
INSERT INTO "orders" VALUES('03104b4e-da7b-4dd7-a9f4-8f214eeb86ab','scan','abababababababababababababababab','8197b3424363e76f3336256ea0d1872106a88cde22b8f97a1bdb4ded2634977d',NULL,'accepted',NULL,NULL,1795597200000000,'3f2c9d1e-0000-4000-8000-000000000001',100000000000);
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
INSERT INTO "print_jobs" VALUES(1,'e617f2b2-658e-41ae-bb97-9fda82aebf56','ticket',0,'printed',NULL,90,1795597200,1795597200);
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
INSERT INTO "store" VALUES(1,'86d0c459-b14f-4640-bc1a-3e0bdc0258f8','kiosk-0001','homs-main',2,'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',9,'3f901bb9c4c798d1f8ef754171479a49f8c618b7d9309d6d307b42e42f3741e5',1795597200000000,NULL,NULL,NULL,NULL,0);
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
CREATE INDEX ix_order_states_number ON order_states (number);
CREATE INDEX ix_orders_code_sha256 ON orders (code_sha256);
CREATE UNIQUE INDEX uq_orders_unverified ON orders (code_sha256) WHERE order_id IS NULL;
CREATE INDEX ix_print_jobs_item_id ON print_jobs (item_id);
CREATE INDEX ix_print_jobs_sending ON print_jobs (id) WHERE state = 'sending';
CREATE INDEX ix_tickets_order ON tickets (day_id, order_id) WHERE order_id IS NOT NULL;
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
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('ticket_changes',6);
INSERT INTO "sqlite_sequence" VALUES('business_days',1);
COMMIT;
