BEGIN TRANSACTION;
CREATE TABLE alarms (
	code TEXT NOT NULL, 
	since_at INTEGER NOT NULL, 
	detail TEXT NOT NULL, 
	CONSTRAINT pk_alarms PRIMARY KEY (code)
);
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
CREATE TABLE catalogue (
	code TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	entry TEXT NOT NULL, 
	heard INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_catalogue PRIMARY KEY (code)
);
CREATE TABLE central_keys (
	kid TEXT NOT NULL, 
	purpose TEXT NOT NULL, 
	public_key TEXT NOT NULL, 
	current INTEGER DEFAULT '1' NOT NULL, 
	added INTEGER DEFAULT '0' NOT NULL, 
	retired INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_central_keys PRIMARY KEY (kid, purpose)
);
CREATE TABLE centre_records (
	kind TEXT NOT NULL, 
	body TEXT NOT NULL, 
	message_id INTEGER NOT NULL, 
	heard INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_centre_records PRIMARY KEY (kind)
);
INSERT INTO "centre_records" VALUES('counters','{"centre":"homs-main","counters":[{"number":1,"names":{"ar":"1","en":"1"},"groups":["A","B"]},{"number":2,"names":{"ar":"2","en":"2"},"groups":["A"]}],"rules":{"priority_weight":2,"help_after_s":1800}}',1,0);
INSERT INTO "centre_records" VALUES('kiosks','{"centre":"homs-main","kiosks":[{"id":"kiosk-1","digit":1,"public_key":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa=","revoked":false},{"id":"kiosk-2","digit":2,"public_key":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa=","revoked":false},{"id":"kiosk-3","digit":3,"public_key":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa=","revoked":false}]}',1,0);
INSERT INTO "centre_records" VALUES('hubs','{"centre":"homs-main","hubs":[{"id":"hub-0001","address":"http://127.0.0.1:8090","public_key":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa=","certificate_sha256":null,"revoked":false}]}',1,0);
CREATE TABLE chain_gaps (
	epoch TEXT NOT NULL, 
	first_seq INTEGER NOT NULL, 
	last_seq INTEGER NOT NULL, 
	first_prev_hash TEXT NOT NULL, 
	last_hash TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	CONSTRAINT pk_chain_gaps PRIMARY KEY (epoch, first_seq)
);
CREATE TABLE counters (
	day_id INTEGER NOT NULL, 
	prefix TEXT NOT NULL, 
	n INTEGER NOT NULL, 
	CONSTRAINT pk_counters PRIMARY KEY (day_id, prefix)
);
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
INSERT INTO "epochs" VALUES('54c78554-238e-4aa2-83c4-4e7151c09d66','hub-0001',0,NULL);
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
INSERT INTO "feed" VALUES(1,NULL,0,NULL,NULL,0,NULL);
CREATE TABLE feed_set_aside (
	id INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	body TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	received_at INTEGER NOT NULL, 
	CONSTRAINT pk_feed_set_aside PRIMARY KEY (id)
);
CREATE TABLE hub_alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT hub_alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "hub_alembic_version" VALUES('0002');
CREATE TABLE hub_by_hand (
	seq INTEGER NOT NULL, 
	day INTEGER NOT NULL, 
	ranges TEXT NOT NULL, 
	CONSTRAINT pk_hub_by_hand PRIMARY KEY (seq, day)
);
INSERT INTO "hub_by_hand" VALUES(9,1,'[{"to":"A3001","first":null,"but":[]}]');
CREATE TABLE hub_counters (
	number INTEGER NOT NULL, 
	state TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	ticket TEXT, 
	clerk TEXT, 
	reason TEXT, 
	acted_line INTEGER, 
	acted_work INTEGER, 
	last_press TEXT, 
	last_seq INTEGER, 
	must_resume INTEGER NOT NULL, 
	CONSTRAINT pk_hub_counters PRIMARY KEY (number)
);
INSERT INTO "hub_counters" VALUES(1,'called',6,'ecd5234b-2636-4b2b-9460-7b81853db78c','clerk-1',NULL,0,0,'1e10317d-e128-4aee-838e-202a23bd3c56',11,0);
CREATE TABLE hub_day_labels (
	label TEXT NOT NULL, 
	day INTEGER NOT NULL, 
	CONSTRAINT pk_hub_day_labels PRIMARY KEY (label)
);
INSERT INTO "hub_day_labels" VALUES('2026-11-25',1);
CREATE TABLE hub_days (
	day INTEGER NOT NULL, 
	label TEXT NOT NULL, 
	is_closed INTEGER NOT NULL, 
	CONSTRAINT pk_hub_days PRIMARY KEY (day)
);
INSERT INTO "hub_days" VALUES(1,'2026-11-25',0);
CREATE TABLE hub_events (
	seq INTEGER NOT NULL, 
	term INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	kiosk TEXT, 
	ticket TEXT, 
	number TEXT, 
	counter INTEGER, 
	clerk TEXT, 
	press TEXT, 
	day INTEGER NOT NULL, 
	line_us INTEGER NOT NULL, 
	work_us INTEGER NOT NULL, 
	wall_time TEXT NOT NULL, 
	boot_time_ns INTEGER NOT NULL, 
	boot_id TEXT NOT NULL, 
	clock TEXT NOT NULL, 
	body TEXT NOT NULL, 
	CONSTRAINT pk_hub_events PRIMARY KEY (seq)
);
INSERT INTO "hub_events" VALUES(1,1,'day-opened',NULL,NULL,NULL,NULL,NULL,NULL,1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"detail":{"label":"2026-11-25"}}');
INSERT INTO "hub_events" VALUES(2,1,'arrived','kiosk-1','99e26716-3111-4cb4-ad46-d4e98f4d0f84','A1001',NULL,NULL,NULL,1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"ticket":{"id":"99e26716-3111-4cb4-ad46-d4e98f4d0f84","kiosk":"kiosk-1","epoch":"4b758594-5802-4a82-a904-6766efab984b","kiosk_seq":1,"revision":0,"digest":"9c30540eb26d58378d7691f508d1d8528178145752ad297f5f72b3b79e9e5145","number":"A1001","service":"civil-affairs","priority":"none","order_id":null,"day":1,"queue":"A","state":"waiting","arrived_line":0,"arrived_work":0,"is_certain":true,"issued_at":"2026-11-25T09:00:00.000000Z"}}');
INSERT INTO "hub_events" VALUES(3,1,'arrived','kiosk-2','ecd5234b-2636-4b2b-9460-7b81853db78c','A2001',NULL,NULL,NULL,1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"ticket":{"id":"ecd5234b-2636-4b2b-9460-7b81853db78c","kiosk":"kiosk-2","epoch":"4c2345a5-d695-4555-a8e3-c73825aff067","kiosk_seq":1,"revision":0,"digest":"cd1ad1f28c28cf09904a7f2f1a666bc73e3c9c2b476453cc123a831112ce849d","number":"A2001","service":"civil-affairs","priority":"infant","order_id":"abababababababababababababababab","day":1,"queue":"A","state":"waiting","arrived_line":0,"arrived_work":0,"is_certain":true,"issued_at":"2026-11-25T09:00:00.000000Z"}}');
INSERT INTO "hub_events" VALUES(4,1,'counter-opened',NULL,NULL,NULL,1,'clerk-1','2bcc70cc-5762-4b6c-a8ee-b08c64c8cbf2',1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"counter":{"number":1,"state":"open","version":1,"clerk":"clerk-1","acted_line":0,"acted_work":0,"last_press":"2bcc70cc-5762-4b6c-a8ee-b08c64c8cbf2","last_seq":4}}');
INSERT INTO "hub_events" VALUES(5,1,'called','kiosk-1','99e26716-3111-4cb4-ad46-d4e98f4d0f84','A1001',1,'clerk-1','9654e404-e417-4c17-83a4-ccb504d23fb7',1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"ticket":{"id":"99e26716-3111-4cb4-ad46-d4e98f4d0f84","kiosk":"kiosk-1","epoch":"4b758594-5802-4a82-a904-6766efab984b","kiosk_seq":1,"revision":0,"digest":"9c30540eb26d58378d7691f508d1d8528178145752ad297f5f72b3b79e9e5145","number":"A1001","service":"civil-affairs","priority":"none","order_id":null,"day":1,"queue":"A","state":"called","arrived_line":0,"arrived_work":0,"is_certain":true,"issued_at":"2026-11-25T09:00:00.000000Z","counter":1,"call_seq":5,"call_counter":1,"called_at":"2026-11-25T09:00:00.000000Z","called_line":0,"called_work":0},"counter":{"number":1,"state":"called","version":2,"ticket":"99e26716-3111-4cb4-ad46-d4e98f4d0f84","clerk":"clerk-1","acted_line":0,"acted_work":0,"last_press":"9654e404-e417-4c17-83a4-ccb504d23fb7","last_seq":5}}');
INSERT INTO "hub_events" VALUES(6,1,'came','kiosk-1','99e26716-3111-4cb4-ad46-d4e98f4d0f84','A1001',1,'clerk-1','87b86434-6f67-4ef4-9718-68dcda2a2bd0',1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"ticket":{"id":"99e26716-3111-4cb4-ad46-d4e98f4d0f84","kiosk":"kiosk-1","epoch":"4b758594-5802-4a82-a904-6766efab984b","kiosk_seq":1,"revision":0,"digest":"9c30540eb26d58378d7691f508d1d8528178145752ad297f5f72b3b79e9e5145","number":"A1001","service":"civil-affairs","priority":"none","order_id":null,"day":1,"queue":"A","state":"serving","arrived_line":0,"arrived_work":0,"is_certain":true,"issued_at":"2026-11-25T09:00:00.000000Z","counter":1,"call_seq":5,"call_counter":1,"called_at":"2026-11-25T09:00:00.000000Z","called_line":0,"called_work":0,"came_line":0,"came_work":0},"counter":{"number":1,"state":"serving","version":3,"ticket":"99e26716-3111-4cb4-ad46-d4e98f4d0f84","clerk":"clerk-1","acted_line":0,"acted_work":0,"last_press":"87b86434-6f67-4ef4-9718-68dcda2a2bd0","last_seq":6}}');
INSERT INTO "hub_events" VALUES(7,1,'done','kiosk-1','99e26716-3111-4cb4-ad46-d4e98f4d0f84','A1001',1,'clerk-1','b146c674-3c09-4b1d-bbb6-eb0b41b9e96f',1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"ticket":{"id":"99e26716-3111-4cb4-ad46-d4e98f4d0f84","kiosk":"kiosk-1","epoch":"4b758594-5802-4a82-a904-6766efab984b","kiosk_seq":1,"revision":0,"digest":"9c30540eb26d58378d7691f508d1d8528178145752ad297f5f72b3b79e9e5145","number":"A1001","service":"civil-affairs","priority":"none","order_id":null,"day":1,"queue":"A","state":"ended","arrived_line":0,"arrived_work":0,"is_certain":true,"issued_at":"2026-11-25T09:00:00.000000Z","call_seq":5,"call_counter":1,"called_at":"2026-11-25T09:00:00.000000Z","called_line":0,"called_work":0,"came_line":0,"came_work":0,"ended_line":0,"ended_work":0,"end":"done"},"counter":{"number":1,"state":"open","version":4,"clerk":"clerk-1","acted_line":0,"acted_work":0,"last_press":"b146c674-3c09-4b1d-bbb6-eb0b41b9e96f","last_seq":7},"documents":{"civil-affairs":1}}');
INSERT INTO "hub_events" VALUES(8,1,'arrived','kiosk-3','a4993155-5b18-4b46-82ff-62349e74e65f','A3001',NULL,NULL,NULL,1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"ticket":{"id":"a4993155-5b18-4b46-82ff-62349e74e65f","kiosk":"kiosk-3","epoch":"a8388a36-5f76-404f-b697-01a92ec8e888","kiosk_seq":1,"revision":0,"digest":"ea0af9c3fabbd3b885196ee3edaef36fb1adadd97a7252075bda90d559ffa861","number":"A3001","service":"civil-affairs","priority":"none","order_id":null,"day":1,"queue":"A","state":"waiting","arrived_line":0,"arrived_work":0,"is_certain":true,"issued_at":"2026-11-25T09:00:00.000000Z"}}');
INSERT INTO "hub_events" VALUES(9,1,'by-hand',NULL,NULL,NULL,1,'clerk-1','778451d0-9900-4d11-9884-4e5faf6e7a4b',1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"counter":{"number":1,"state":"open","version":5,"clerk":"clerk-1","acted_line":0,"acted_work":0,"last_press":"778451d0-9900-4d11-9884-4e5faf6e7a4b","last_seq":9},"detail":{"ranges":[{"to":"A3001","first":null,"but":[]}]}}');
INSERT INTO "hub_events" VALUES(10,1,'by-hand','kiosk-3','a4993155-5b18-4b46-82ff-62349e74e65f','A3001',NULL,'clerk-1','778451d0-9900-4d11-9884-4e5faf6e7a4b',1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"ticket":{"id":"a4993155-5b18-4b46-82ff-62349e74e65f","kiosk":"kiosk-3","epoch":"a8388a36-5f76-404f-b697-01a92ec8e888","kiosk_seq":1,"revision":0,"digest":"ea0af9c3fabbd3b885196ee3edaef36fb1adadd97a7252075bda90d559ffa861","number":"A3001","service":"civil-affairs","priority":"none","order_id":null,"day":1,"queue":"A","state":"ended","arrived_line":0,"arrived_work":0,"is_certain":true,"issued_at":"2026-11-25T09:00:00.000000Z","ended_line":0,"ended_work":0,"end":"by-hand"}}');
INSERT INTO "hub_events" VALUES(11,1,'called','kiosk-2','ecd5234b-2636-4b2b-9460-7b81853db78c','A2001',1,'clerk-1','1e10317d-e128-4aee-838e-202a23bd3c56',1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"ticket":{"id":"ecd5234b-2636-4b2b-9460-7b81853db78c","kiosk":"kiosk-2","epoch":"4c2345a5-d695-4555-a8e3-c73825aff067","kiosk_seq":1,"revision":0,"digest":"cd1ad1f28c28cf09904a7f2f1a666bc73e3c9c2b476453cc123a831112ce849d","number":"A2001","service":"civil-affairs","priority":"infant","order_id":"abababababababababababababababab","day":1,"queue":"A","state":"called","arrived_line":0,"arrived_work":0,"is_certain":true,"issued_at":"2026-11-25T09:00:00.000000Z","counter":1,"call_seq":11,"call_counter":1,"called_at":"2026-11-25T09:00:00.000000Z","called_line":0,"called_work":0},"counter":{"number":1,"state":"called","version":6,"ticket":"ecd5234b-2636-4b2b-9460-7b81853db78c","clerk":"clerk-1","acted_line":0,"acted_work":0,"last_press":"1e10317d-e128-4aee-838e-202a23bd3c56","last_seq":11}}');
CREATE TABLE hub_events_aside (
	"row" INTEGER NOT NULL, 
	seq INTEGER NOT NULL, 
	term INTEGER NOT NULL, 
	event TEXT NOT NULL, 
	CONSTRAINT pk_hub_events_aside PRIMARY KEY ("row")
);
INSERT INTO "hub_events_aside" VALUES(1,9,1,'{}');
CREATE TABLE hub_help_calls (
	id TEXT NOT NULL, 
	kiosk TEXT NOT NULL, 
	asked_line INTEGER NOT NULL, 
	asked_at TEXT NOT NULL, 
	seen_by TEXT, 
	CONSTRAINT pk_hub_help_calls PRIMARY KEY (id), 
	CONSTRAINT uq_hub_help_calls_id_kiosk UNIQUE (id, kiosk)
);
INSERT INTO "hub_help_calls" VALUES('h1','kiosk-1',5,'2026-11-25T09:10:00Z',NULL);
CREATE TABLE hub_kiosk_boots (
	kiosk TEXT NOT NULL, 
	boot_id TEXT NOT NULL, 
	offset_us INTEGER NOT NULL, 
	seen_line INTEGER NOT NULL, 
	CONSTRAINT pk_hub_kiosk_boots PRIMARY KEY (kiosk, boot_id)
);
INSERT INTO "hub_kiosk_boots" VALUES('kiosk-1','f025e3c4-dbdc-4b4d-94a5-67a216bf895d',-900000000,0);
INSERT INTO "hub_kiosk_boots" VALUES('kiosk-2','f8470341-d889-4014-a9b5-2a824a4bd7bf',-800000000,0);
INSERT INTO "hub_kiosk_boots" VALUES('kiosk-3','af9215d7-152d-4240-a8bd-b0b4b9ac5c83',-700000000,0);
CREATE TABLE hub_locks (
	scope TEXT NOT NULL, 
	failures INTEGER NOT NULL, 
	last_line INTEGER NOT NULL, 
	until_line INTEGER NOT NULL, 
	under_way INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_hub_locks PRIMARY KEY (scope)
);
INSERT INTO "hub_locks" VALUES('clerk-1',2,3,4,0);
CREATE TABLE hub_overrides (
	name TEXT NOT NULL, 
	value TEXT NOT NULL, 
	message_id INTEGER NOT NULL, 
	seq INTEGER NOT NULL, 
	CONSTRAINT pk_hub_overrides PRIMARY KEY (name)
);
INSERT INTO "hub_overrides" VALUES('rules','{}',1,2);
CREATE TABLE hub_presses (
	counter INTEGER NOT NULL, 
	"key" TEXT NOT NULL, 
	digest TEXT NOT NULL, 
	status INTEGER NOT NULL, 
	answer TEXT NOT NULL, 
	seq INTEGER NOT NULL, 
	hub TEXT NOT NULL, 
	term INTEGER NOT NULL, 
	line_us INTEGER NOT NULL, 
	CONSTRAINT pk_hub_presses PRIMARY KEY (counter, "key")
)
 WITHOUT ROWID

;
INSERT INTO "hub_presses" VALUES(1,'1e10317d-e128-4aee-838e-202a23bd3c56','e737121f0bbdbf7dc131810fd939af5308c031cc51546337781202c71d5cb58f',200,'{"press":"next","counter":{"number":1,"state":"called","version":6,"ticket":{"id":"ecd5234b-2636-4b2b-9460-7b81853db78c","kiosk":"kiosk-2","number":"A2001","service":"civil-affairs","names":{"ar":"وثائق الشؤون المدنية","en":"Civil affairs documents"},"waited_s":0,"priority":"infant","ready_order":true,"called_at":"2026-11-25T09:00:00.000000Z","voided":false}},"call":11}',11,'hub-0001',1,0);
INSERT INTO "hub_presses" VALUES(1,'2bcc70cc-5762-4b6c-a8ee-b08c64c8cbf2','5b8cffc1fe598e3b6132bd46ca3a4a9bcb04c500b2351e5168f709f52b91e261',200,'{"press":"open","counter":{"number":1,"state":"open","version":1,"ticket":null},"call":null}',4,'hub-0001',1,0);
INSERT INTO "hub_presses" VALUES(1,'778451d0-9900-4d11-9884-4e5faf6e7a4b','70e19533b612c650369f37355711bbcdbd91c0a041ebd1109249a99523584ed4',200,'{"press":"by-hand","counter":{"number":1,"state":"open","version":5,"ticket":null},"call":null,"entered":1}',10,'hub-0001',1,0);
INSERT INTO "hub_presses" VALUES(1,'87b86434-6f67-4ef4-9718-68dcda2a2bd0','7fe31b7cb6f7cbe47fe8caad95103c0163bbd003f762e11a490a6eb1866defc4',200,'{"press":"came","counter":{"number":1,"state":"serving","version":3,"ticket":{"id":"99e26716-3111-4cb4-ad46-d4e98f4d0f84","kiosk":"kiosk-1","number":"A1001","service":"civil-affairs","names":{"ar":"وثائق الشؤون المدنية","en":"Civil affairs documents"},"waited_s":0,"priority":"none","ready_order":false,"called_at":"2026-11-25T09:00:00.000000Z","voided":false}},"call":null}',6,'hub-0001',1,0);
INSERT INTO "hub_presses" VALUES(1,'9654e404-e417-4c17-83a4-ccb504d23fb7','e737121f0bbdbf7dc131810fd939af5308c031cc51546337781202c71d5cb58f',200,'{"press":"next","counter":{"number":1,"state":"called","version":2,"ticket":{"id":"99e26716-3111-4cb4-ad46-d4e98f4d0f84","kiosk":"kiosk-1","number":"A1001","service":"civil-affairs","names":{"ar":"وثائق الشؤون المدنية","en":"Civil affairs documents"},"waited_s":0,"priority":"none","ready_order":false,"called_at":"2026-11-25T09:00:00.000000Z","voided":false}},"call":5}',5,'hub-0001',1,0);
INSERT INTO "hub_presses" VALUES(1,'b146c674-3c09-4b1d-bbb6-eb0b41b9e96f','95bdb112625d76ac68d529843464c21424d97bc7bcc51d934d45bf9e40b4c5a4',200,'{"press":"done","counter":{"number":1,"state":"open","version":4,"ticket":null},"call":null}',7,'hub-0001',1,0);
CREATE TABLE hub_sessions (
	token_sha256 TEXT NOT NULL, 
	clerk TEXT NOT NULL, 
	role TEXT NOT NULL, 
	counter INTEGER, 
	began_line INTEGER NOT NULL, 
	began_at TEXT NOT NULL, 
	ended TEXT, 
	pin_sha256 TEXT, 
	CONSTRAINT pk_hub_sessions PRIMARY KEY (token_sha256)
);
INSERT INTO "hub_sessions" VALUES('abababababababababababababababababababababababababababababababab','clerk-1','clerk',1,1,'2026-11-25T09:00:00Z',NULL,'cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd');
CREATE TABLE hub_state (
	one INTEGER NOT NULL, 
	term INTEGER NOT NULL, 
	role TEXT NOT NULL, 
	line_us INTEGER DEFAULT '0' NOT NULL, 
	work_us INTEGER DEFAULT '0' NOT NULL, 
	wall_us INTEGER, 
	boot_id TEXT, 
	boot_time_ns INTEGER, 
	store_day INTEGER DEFAULT '0' NOT NULL, 
	follower TEXT, 
	pulled_line INTEGER, 
	board_heard_at TEXT, 
	board_speaks INTEGER DEFAULT '0' NOT NULL, 
	recall_due INTEGER DEFAULT '0' NOT NULL, 
	seen_term INTEGER DEFAULT '0' NOT NULL, 
	log_lost INTEGER DEFAULT '0' NOT NULL, board_wanted_m FLOAT, board_serves_m FLOAT, 
	CONSTRAINT pk_hub_state PRIMARY KEY (one)
);
INSERT INTO "hub_state" VALUES(1,1,'leading',0,0,1795597200000000,'3f2c9d1e-0000-4000-8000-000000000001',1000000000000,1,NULL,NULL,NULL,0,0,0,0,NULL,NULL);
CREATE TABLE hub_tickets (
	id TEXT NOT NULL, 
	kiosk TEXT NOT NULL, 
	epoch TEXT NOT NULL, 
	kiosk_seq INTEGER NOT NULL, 
	revision INTEGER NOT NULL, 
	digest TEXT NOT NULL, 
	number TEXT NOT NULL, 
	service TEXT NOT NULL, 
	priority TEXT NOT NULL, 
	order_id TEXT, 
	day INTEGER NOT NULL, 
	queue TEXT NOT NULL, 
	state TEXT NOT NULL, 
	arrived_line INTEGER NOT NULL, 
	arrived_work INTEGER NOT NULL, 
	is_certain INTEGER NOT NULL, 
	issued_at TEXT NOT NULL, 
	paper TEXT, 
	is_voided INTEGER NOT NULL, 
	only_counter INTEGER, 
	front_line INTEGER, 
	absences INTEGER NOT NULL, 
	absent_line INTEGER, 
	absent_seq INTEGER, 
	counter INTEGER, 
	call_seq INTEGER, 
	call_counter INTEGER, 
	called_at TEXT, 
	called_line INTEGER, 
	called_work INTEGER, 
	came_line INTEGER, 
	came_work INTEGER, 
	ended_line INTEGER, 
	ended_work INTEGER, 
	"end" TEXT, 
	parked_at TEXT, 
	estimate_s INTEGER, 
	low_s INTEGER, 
	high_s INTEGER, 
	CONSTRAINT pk_hub_tickets PRIMARY KEY (id)
);
INSERT INTO "hub_tickets" VALUES('99e26716-3111-4cb4-ad46-d4e98f4d0f84','kiosk-1','4b758594-5802-4a82-a904-6766efab984b',1,0,'9c30540eb26d58378d7691f508d1d8528178145752ad297f5f72b3b79e9e5145','A1001','civil-affairs','none',NULL,1,'A','ended',0,0,1,'2026-11-25T09:00:00.000000Z',NULL,0,NULL,NULL,0,NULL,NULL,NULL,5,1,'2026-11-25T09:00:00.000000Z',0,0,0,0,0,0,'done',NULL,NULL,NULL,NULL);
INSERT INTO "hub_tickets" VALUES('ecd5234b-2636-4b2b-9460-7b81853db78c','kiosk-2','4c2345a5-d695-4555-a8e3-c73825aff067',1,0,'cd1ad1f28c28cf09904a7f2f1a666bc73e3c9c2b476453cc123a831112ce849d','A2001','civil-affairs','infant','abababababababababababababababab',1,'A','called',0,0,1,'2026-11-25T09:00:00.000000Z',NULL,0,NULL,NULL,0,NULL,NULL,1,11,1,'2026-11-25T09:00:00.000000Z',0,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "hub_tickets" VALUES('a4993155-5b18-4b46-82ff-62349e74e65f','kiosk-3','a8388a36-5f76-404f-b697-01a92ec8e888',1,0,'ea0af9c3fabbd3b885196ee3edaef36fb1adadd97a7252075bda90d559ffa861','A3001','civil-affairs','none',NULL,1,'A','ended',0,0,1,'2026-11-25T09:00:00.000000Z',NULL,0,NULL,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,0,'by-hand',NULL,NULL,NULL,NULL);
CREATE TABLE hub_work_spans (
	line_us INTEGER NOT NULL, 
	work_us INTEGER NOT NULL, 
	is_running INTEGER NOT NULL, 
	CONSTRAINT pk_hub_work_spans PRIMARY KEY (line_us)
);
INSERT INTO "hub_work_spans" VALUES(1,0,1);
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
INSERT INTO "items" VALUES(1,'7e14ff69-6625-4e5d-92aa-0b22269953f5','54c78554-238e-4aa2-83c4-4e7151c09d66',1,'audit','2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6InN0b3JlLW9wZW5lZCIsImRldGFpbCI6eyJ3aHkiOiJuZXctc3RvcmUiLCJmb3JtZXJfZXBvY2giOm51bGwsImZvcm1lcl9sYXN0X3NlcSI6bnVsbCwiZm9ybWVyX2xhc3RfaGFzaCI6bnVsbH19','0000000000000000000000000000000000000000000000000000000000000000','bfb6b5ac4a5f8bbe3da8f1c5f8795329f5a086987649771ac352ae4e558951a6','waiting',NULL,NULL);
INSERT INTO "items" VALUES(2,'db785369-541f-4057-bed9-c5f599d9d7fe','54c78554-238e-4aa2-83c4-4e7151c09d66',2,'audit','2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6ImJ1c2luZXNzLWRheS1vcGVuZWQiLCJkZXRhaWwiOnsiZGF0ZSI6IjIwMjYtMTEtMjUiLCJieSI6ImNsb2NrIiwiZGF5IjoxfX0=','bfb6b5ac4a5f8bbe3da8f1c5f8795329f5a086987649771ac352ae4e558951a6','78fda3d2f1a1649cd7e70519c434cf94af955579ee5903a9a761b7f016389157','waiting',NULL,NULL);
INSERT INTO "items" VALUES(3,'07d575e2-41d0-4412-b998-3117db5e6a31','54c78554-238e-4aa2-83c4-4e7151c09d66',3,'queue','2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6ImNvdW50ZXItb3BlbmVkIiwiY291bnRlciI6MSwiY2xlcmsiOiJjbGVyay0xIn0=','78fda3d2f1a1649cd7e70519c434cf94af955579ee5903a9a761b7f016389157','b52df730b932e9b7bfb5b52adaa805f7c2c34beccac5ca776a12274b5d5cdccc','waiting',NULL,NULL);
INSERT INTO "items" VALUES(4,'0ef9547c-e386-453b-8498-ffc532b023c7','54c78554-238e-4aa2-83c4-4e7151c09d66',4,'queue','2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6ImNhbGxlZCIsImtpb3NrIjoia2lvc2stMSIsInRpY2tldCI6Ijk5ZTI2NzE2LTMxMTEtNGNiNC1hZDQ2LWQ0ZTk4ZjRkMGY4NCIsIm51bWJlciI6IkExMDAxIiwiY291bnRlciI6MSwiY2xlcmsiOiJjbGVyay0xIn0=','b52df730b932e9b7bfb5b52adaa805f7c2c34beccac5ca776a12274b5d5cdccc','2f73bb67470f5f3a5680a2925a9032ed773e8dc3d7cccc8bbed7790f11b98933','waiting',NULL,NULL);
INSERT INTO "items" VALUES(5,'19f2f5e6-e764-488a-892f-f58156f7242d','54c78554-238e-4aa2-83c4-4e7151c09d66',5,'queue','2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6ImNhbWUiLCJraW9zayI6Imtpb3NrLTEiLCJ0aWNrZXQiOiI5OWUyNjcxNi0zMTExLTRjYjQtYWQ0Ni1kNGU5OGY0ZDBmODQiLCJudW1iZXIiOiJBMTAwMSIsImNvdW50ZXIiOjEsImNsZXJrIjoiY2xlcmstMSJ9','2f73bb67470f5f3a5680a2925a9032ed773e8dc3d7cccc8bbed7790f11b98933','223a42c64b1be286ad62c345c8ec7ca8ffa2d67777bfff4725094fa46c21fbaa','waiting',NULL,NULL);
INSERT INTO "items" VALUES(6,'86ea5e22-2a41-45a1-ba56-615b082ebee3','54c78554-238e-4aa2-83c4-4e7151c09d66',6,'queue','2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6ImRvbmUiLCJraW9zayI6Imtpb3NrLTEiLCJ0aWNrZXQiOiI5OWUyNjcxNi0zMTExLTRjYjQtYWQ0Ni1kNGU5OGY0ZDBmODQiLCJudW1iZXIiOiJBMTAwMSIsImNvdW50ZXIiOjEsImNsZXJrIjoiY2xlcmstMSIsImRvY3VtZW50cyI6eyJjaXZpbC1hZmZhaXJzIjoxfX0=','223a42c64b1be286ad62c345c8ec7ca8ffa2d67777bfff4725094fa46c21fbaa','ce1d4115c47f6104d4d420ce0f15dfc1b50457bd4c49354e38ba31a3230fc060','waiting',NULL,NULL);
INSERT INTO "items" VALUES(7,'5d56235c-fd54-4919-bb80-a80b3bf5a33e','54c78554-238e-4aa2-83c4-4e7151c09d66',7,'queue','2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6ImJ5LWhhbmQiLCJjb3VudGVyIjoxLCJjbGVyayI6ImNsZXJrLTEifQ==','ce1d4115c47f6104d4d420ce0f15dfc1b50457bd4c49354e38ba31a3230fc060','b605074a6158e1468809f1684c830cfe8757dd74bfe5cdc8804381f81a8a08e8','waiting',NULL,NULL);
INSERT INTO "items" VALUES(8,'0d3abf9e-46c1-49e3-9404-4c94bc39edbe','54c78554-238e-4aa2-83c4-4e7151c09d66',8,'queue','2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6ImJ5LWhhbmQiLCJraW9zayI6Imtpb3NrLTMiLCJ0aWNrZXQiOiJhNDk5MzE1NS01YjE4LTRiNDYtODJmZi02MjM0OWU3NGU2NWYiLCJudW1iZXIiOiJBMzAwMSIsImNsZXJrIjoiY2xlcmstMSJ9','b605074a6158e1468809f1684c830cfe8757dd74bfe5cdc8804381f81a8a08e8','596f3b065e73e99057326596e03b2d3a26d354a4b75b42862007575b6a1173b2','waiting',NULL,NULL);
INSERT INTO "items" VALUES(9,'50d1c76b-ab36-4bed-b542-730227ca45d1','54c78554-238e-4aa2-83c4-4e7151c09d66',9,'queue','2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6ImNhbGxlZCIsImtpb3NrIjoia2lvc2stMiIsInRpY2tldCI6ImVjZDUyMzRiLTI2MzYtNGIyYi05NDYwLTdiODE4NTNkYjc4YyIsIm51bWJlciI6IkEyMDAxIiwiY291bnRlciI6MSwiY2xlcmsiOiJjbGVyay0xIn0=','596f3b065e73e99057326596e03b2d3a26d354a4b75b42862007575b6a1173b2','0071e260378bfad84210b067462bef4d66a7fc14e63862aca9b72d9dca459590','waiting',NULL,NULL);
CREATE TABLE listeners (
	name TEXT NOT NULL, 
	peer TEXT NOT NULL, 
	term INTEGER NOT NULL, 
	heard_through INTEGER NOT NULL, 
	statement TEXT, 
	CONSTRAINT pk_listeners PRIMARY KEY (name)
);
CREATE TABLE order_questions (
	"row" INTEGER NOT NULL, 
	order_id TEXT NOT NULL, 
	day_id INTEGER NOT NULL, 
	asked INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_order_questions PRIMARY KEY ("row"), 
	CONSTRAINT uq_order_questions_order_id UNIQUE (order_id)
);
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
CREATE TABLE pin_attempts (
	name TEXT NOT NULL, 
	failures INTEGER NOT NULL, 
	boot_id TEXT NOT NULL, 
	boot_time_ns INTEGER NOT NULL, 
	waited_s INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_pin_attempts PRIMARY KEY (name)
);
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
CREATE TABLE settings (
	"key" TEXT NOT NULL, 
	value TEXT NOT NULL, 
	heard INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_settings PRIMARY KEY ("key")
);
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
INSERT INTO "store" VALUES(1,'54c78554-238e-4aa2-83c4-4e7151c09d66','hub-0001','homs-main',0,'mmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmm',9,'0071e260378bfad84210b067462bef4d66a7fc14e63862aca9b72d9dca459590',1795597200000000,NULL,NULL,NULL,NULL,0,0,NULL);
CREATE TABLE tallies (
	name TEXT NOT NULL, 
	total INTEGER NOT NULL, 
	trip INTEGER NOT NULL, 
	CONSTRAINT pk_tallies PRIMARY KEY (name)
);
CREATE TABLE technicians (
	id TEXT NOT NULL, 
	name TEXT NOT NULL, 
	centre TEXT NOT NULL, 
	role TEXT NOT NULL, 
	pin_hash TEXT NOT NULL, 
	heard INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_technicians PRIMARY KEY (id)
);
CREATE TABLE ticket_changes (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	ticket_row INTEGER NOT NULL
);
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
CREATE INDEX ix_hub_presses_seq ON hub_presses (seq);
CREATE INDEX ix_hub_tickets_day_number ON hub_tickets (day, number);
CREATE INDEX ix_hub_tickets_kiosk ON hub_tickets (kiosk, epoch, kiosk_seq);
CREATE INDEX ix_hub_tickets_state ON hub_tickets (state, day);
CREATE INDEX ix_hub_sessions_counter ON hub_sessions (counter);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('business_days',1);
COMMIT;
