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
INSERT INTO "epochs" VALUES('32ae9e27-525a-4126-a842-6420aa756809','kiosk-0001',2,NULL);
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
INSERT INTO "items" VALUES(1,'27e569c0-10a0-495f-8af3-6035e4c4ddfe','32ae9e27-525a-4126-a842-6420aa756809',1,'audit','2026-11-25T09:00:00.000000Z',100000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6InN0b3JlLW9wZW5lZCIsImRldGFpbCI6eyJ3aHkiOiJuZXctc3RvcmUiLCJmb3JtZXJfZXBvY2giOm51bGwsImZvcm1lcl9sYXN0X3NlcSI6bnVsbCwiZm9ybWVyX2xhc3RfaGFzaCI6bnVsbH19','0000000000000000000000000000000000000000000000000000000000000000','86bc7e0c5e0bc8befe07dd405b56ed397128b6651234cb45910891044975f398','acknowledged',NULL,1795597200);
INSERT INTO "items" VALUES(2,'bfe4336b-a825-413c-a6a0-f34e1b09b670','32ae9e27-525a-4126-a842-6420aa756809',2,'audit','2026-11-25T09:00:00.000000Z',100000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6ImJ1c2luZXNzLWRheS1vcGVuZWQiLCJkZXRhaWwiOnsiZGF0ZSI6IjIwMjYtMTEtMjUiLCJieSI6ImNsb2NrIiwiZGF5IjoxfX0=','86bc7e0c5e0bc8befe07dd405b56ed397128b6651234cb45910891044975f398','9d2a1604f5e96c953fea94ace2b77d24b3d8c529f672f3807c7698a9a7fe14ca','waiting',NULL,NULL);
INSERT INTO "items" VALUES(3,'18787bc4-2fc7-4fca-ba56-7c9f07625486','32ae9e27-525a-4126-a842-6420aa756809',3,'ticket','2026-11-25T09:00:00.000000Z',100000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJudW1iZXIiOiJCMjAwMSIsInNlcnZpY2UiOiJjbGVhcmFuY2UiLCJidXNpbmVzc19kYXkiOiIyMDI2LTExLTI1In0=','9d2a1604f5e96c953fea94ace2b77d24b3d8c529f672f3807c7698a9a7fe14ca','30dc0359dc1d2e80fd7813b93f0bed240886f7ead693ffdc5ab8744f8a33ec07','waiting',NULL,NULL);
INSERT INTO "items" VALUES(4,'cbeb44d3-da09-45ee-8580-93750ee659cb','32ae9e27-525a-4126-a842-6420aa756809',4,'ticket','2026-11-25T09:00:00.000000Z',100000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJudW1iZXIiOiJDMjAwMSIsInNlcnZpY2UiOiJjbGVhcmFuY2UiLCJidXNpbmVzc19kYXkiOiIyMDI2LTExLTI1In0=','30dc0359dc1d2e80fd7813b93f0bed240886f7ead693ffdc5ab8744f8a33ec07','4290fac6b1ffb0af2517baafbd89e0d6806ca11e6c3d7996a61c366bcbcc1701','waiting',NULL,NULL);
INSERT INTO "items" VALUES(5,'7d0d869e-8932-411f-904e-caedc1c2feae','32ae9e27-525a-4126-a842-6420aa756809',5,'ticket','2026-11-25T09:00:00.000000Z',100000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJudW1iZXIiOiJCMjAwMiIsInNlcnZpY2UiOiJjbGVhcmFuY2UiLCJidXNpbmVzc19kYXkiOiIyMDI2LTExLTI1In0=','4290fac6b1ffb0af2517baafbd89e0d6806ca11e6c3d7996a61c366bcbcc1701','3c14add0cb5ee04b60f3c3876d847139545ce74dcd75718e2999e9461ce1665b','waiting',NULL,NULL);
INSERT INTO "items" VALUES(6,'5d659d4b-7cac-4bd1-9ef2-ae8df148cc4d','32ae9e27-525a-4126-a842-6420aa756809',6,'ticket','2026-11-25T09:00:00.000000Z',100000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJudW1iZXIiOiJDMjAwMiIsInNlcnZpY2UiOiJjbGVhcmFuY2UiLCJidXNpbmVzc19kYXkiOiIyMDI2LTExLTI1In0=','3c14add0cb5ee04b60f3c3876d847139545ce74dcd75718e2999e9461ce1665b','4eb85cccc94fda30783d9cf2357c627507450de16032a5a49179daee2901de36','waiting',NULL,NULL);
INSERT INTO "items" VALUES(7,'d7aa9dda-3e4b-4192-8b8f-2c68954397f3','32ae9e27-525a-4126-a842-6420aa756809',7,'ticket','2026-11-25T09:00:00.000000Z',100000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJudW1iZXIiOiJCMjAwMyIsInNlcnZpY2UiOiJjbGVhcmFuY2UiLCJidXNpbmVzc19kYXkiOiIyMDI2LTExLTI1In0=','4eb85cccc94fda30783d9cf2357c627507450de16032a5a49179daee2901de36','10ee6b68317349ac431c4524a282dcdf3bb31997b6481eea42e2b05bda81160b','waiting',NULL,NULL);
INSERT INTO "items" VALUES(8,'35da0fe4-4402-4788-b7b6-06849e16f37b','32ae9e27-525a-4126-a842-6420aa756809',8,'order','2026-11-25T09:00:00.000000Z',100000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJvdXRjb21lIjoiYWNjZXB0ZWQiLCJvcmRlcl9pZCI6ImFiYWJhYmFiYWJhYmFiYWJhYmFiYWJhYmFiYWJhYmFiIiwiY29kZV9zaGEyNTYiOiI4MTk3YjM0MjQzNjNlNzZmMzMzNjI1NmVhMGQxODcyMTA2YTg4Y2RlMjJiOGY5N2ExYmRiNGRlZDI2MzQ5NzdkIiwic2VhbGVkIjp7ImtpZCI6IjJmNmJiNTQxIiwiZGF0YSI6Ikg4cEJ4NVYxNGtkMjNNYm1TekZ6MXl2NzJCemVxREJmWUlWRzNOakt4MjNMc21obHVMN1F0Y3hZbWdNeEtnZHZvZzdDQWxuYlg3cEhmL3BLOGtZd2pnPT0ifX0=','10ee6b68317349ac431c4524a282dcdf3bb31997b6481eea42e2b05bda81160b','f46c48d863999467a60b755e9693a1e4bb49ebbe2a459ab237beec91278f209f','waiting',NULL,NULL);
INSERT INTO "items" VALUES(9,'4a085335-860e-4355-be74-d45303258494','32ae9e27-525a-4126-a842-6420aa756809',9,'print','2026-11-25T09:00:00.000000Z',100000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJpdGVtIjoiZDdhYTlkZGEtM2U0Yi00MTkyLThiOGYtMmM2ODk1NDM5N2YzIiwicGFwZXIiOiJ0aWNrZXQiLCJzdGF0ZSI6InByaW50ZWQifQ==','f46c48d863999467a60b755e9693a1e4bb49ebbe2a459ab237beec91278f209f','8113c2c78ad805530060303155f4e2285cc100262416f2794cccd011572e3400','waiting',NULL,NULL);
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
INSERT INTO "orders" VALUES('35da0fe4-4402-4788-b7b6-06849e16f37b','scan','abababababababababababababababab','8197b3424363e76f3336256ea0d1872106a88cde22b8f97a1bdb4ded2634977d',NULL,'accepted',NULL,NULL,1795597200000000,'3f2c9d1e-0000-4000-8000-000000000001',100000000000);
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
INSERT INTO "print_jobs" VALUES(1,'d7aa9dda-3e4b-4192-8b8f-2c68954397f3','ticket',0,'printed',NULL,90,1795597200,1795597200);
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
INSERT INTO "store" VALUES(1,'32ae9e27-525a-4126-a842-6420aa756809','kiosk-0001','homs-main',2,'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',9,'8113c2c78ad805530060303155f4e2285cc100262416f2794cccd011572e3400',1795597200000000,NULL,NULL,NULL,NULL,0);
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
