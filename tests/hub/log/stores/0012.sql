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
INSERT INTO "alembic_version" VALUES('0003');
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
INSERT INTO "central_keys" VALUES('2f6bb541','sealing','pWMrwMgEGQzNdFq9BDg+u4znrLyWuixgY0ZaTp6RG2M=',1,0,0);
CREATE TABLE centre_records (
	kind TEXT NOT NULL, 
	body TEXT NOT NULL, 
	message_id INTEGER NOT NULL, 
	heard INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_centre_records PRIMARY KEY (kind)
);
INSERT INTO "centre_records" VALUES('counters','{"centre":"homs-main","counters":[{"number":1,"names":{"ar":"1","en":"1"},"groups":["A","B"]},{"number":2,"names":{"ar":"2","en":"2"},"groups":["A"]}],"rules":{"priority_weight":2,"help_after_s":1800,"carry_after_min":60,"carry_most":0.25},"places":{"1":{"ar":"عند المدخل","en":"at the entrance"}}}',1,0);
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
INSERT INTO "epochs" VALUES('ac7e2e6f-26db-4204-b402-b6ce62219c1e','hub-0001',0,NULL);
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
CREATE TABLE hub_alarms (
	name TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	machine TEXT NOT NULL, 
	digits TEXT NOT NULL, 
	since TEXT NOT NULL, 
	taken_at TEXT, 
	taken_by TEXT, told_at TEXT, told_to TEXT, 
	CONSTRAINT pk_hub_alarms PRIMARY KEY (name), 
	CONSTRAINT uq_hub_alarms_digits UNIQUE (digits)
);
INSERT INTO "hub_alarms" VALUES('paper-out/kiosk-1','paper-out','kiosk-1','42','2026-11-25T09:10:00.000000Z',NULL,NULL,NULL,NULL);
CREATE TABLE hub_alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT hub_alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "hub_alembic_version" VALUES('0012');
CREATE TABLE hub_by_hand (
	seq INTEGER NOT NULL, 
	day INTEGER NOT NULL, 
	ranges TEXT NOT NULL, 
	CONSTRAINT pk_hub_by_hand PRIMARY KEY (seq, day)
);
INSERT INTO "hub_by_hand" VALUES(12,1,'[{"to":"A3001","first":null,"but":[]}]');
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
	must_resume INTEGER NOT NULL, called_carried INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_hub_counters PRIMARY KEY (number)
);
INSERT INTO "hub_counters" VALUES(1,'called',6,'3bff413d-8acd-47a3-8758-13875b1b02ed','clerk-1',NULL,0,0,'1a01ab35-2b2d-41eb-8c72-1290fafa820d',14,0,0);
CREATE TABLE hub_day_labels (
	label TEXT NOT NULL, 
	day INTEGER NOT NULL, 
	CONSTRAINT pk_hub_day_labels PRIMARY KEY (label)
);
INSERT INTO "hub_day_labels" VALUES('2026-11-25',1);
CREATE TABLE hub_days (
	day INTEGER NOT NULL, 
	label TEXT NOT NULL, 
	is_closed INTEGER NOT NULL, early_line INTEGER, 
	CONSTRAINT pk_hub_days PRIMARY KEY (day)
);
INSERT INTO "hub_days" VALUES(1,'2026-11-25',0,NULL);
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
INSERT INTO "hub_events" VALUES(1,1,'led',NULL,NULL,NULL,NULL,NULL,NULL,0,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"detail":{"term":1,"hub":"hub-0001","by":null}}');
INSERT INTO "hub_events" VALUES(2,1,'life-began',NULL,NULL,NULL,NULL,NULL,NULL,0,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"detail":{"life":"ae6a6a6d262a87cd","hub":"hub-0001","why":"started","stood_on":1,"asks":true}}');
INSERT INTO "hub_events" VALUES(3,1,'work-switched',NULL,NULL,NULL,NULL,NULL,NULL,0,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"detail":{"line_us":1,"work_us":0,"is_running":true}}');
INSERT INTO "hub_events" VALUES(4,1,'day-opened',NULL,NULL,NULL,NULL,NULL,NULL,1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"detail":{"label":"2026-11-25"}}');
INSERT INTO "hub_events" VALUES(5,1,'arrived','kiosk-1','bb89a310-beff-4ce5-8952-5ec574928328','A1001',NULL,NULL,NULL,1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"ticket":{"id":"bb89a310-beff-4ce5-8952-5ec574928328","kiosk":"kiosk-1","epoch":"8c364b04-4005-4308-90f0-98f67d5d918e","kiosk_seq":1,"revision":0,"digest":"8ce54ec31ad812e06438852450a4e1b74bceb5ca2ccb83927c935ca3033ca496","number":"A1001","service":"civil-affairs","priority":"none","order_id":null,"day":1,"queue":"A","state":"waiting","arrived_line":0,"arrived_work":0,"is_certain":true,"issued_at":"2026-11-25T09:00:00.000000Z"}}');
INSERT INTO "hub_events" VALUES(6,1,'arrived','kiosk-2','3bff413d-8acd-47a3-8758-13875b1b02ed','A2001',NULL,NULL,NULL,1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"ticket":{"id":"3bff413d-8acd-47a3-8758-13875b1b02ed","kiosk":"kiosk-2","epoch":"ff9e708f-d8a2-4d6f-88a3-09f092db7409","kiosk_seq":1,"revision":0,"digest":"3aa168d78f2842aed7de5b5bb09dc9d7e9d5d3c93634848dc4fe57bfdba7e19a","number":"A2001","service":"civil-affairs","priority":"infant","order_id":"abababababababababababababababab","day":1,"queue":"A","state":"waiting","arrived_line":0,"arrived_work":0,"is_certain":true,"issued_at":"2026-11-25T09:00:00.000000Z"}}');
INSERT INTO "hub_events" VALUES(7,1,'counter-opened',NULL,NULL,NULL,1,'clerk-1','318ea9d3-0a78-44d2-af65-26e5969dd0fc',1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"counter":{"number":1,"state":"open","version":1,"clerk":"clerk-1","acted_line":0,"acted_work":0,"last_press":"318ea9d3-0a78-44d2-af65-26e5969dd0fc","last_seq":7}}');
INSERT INTO "hub_events" VALUES(8,1,'called','kiosk-1','bb89a310-beff-4ce5-8952-5ec574928328','A1001',1,'clerk-1','e0f7e1b0-d348-4be7-8da2-1e0ed9234b58',1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"ticket":{"id":"bb89a310-beff-4ce5-8952-5ec574928328","kiosk":"kiosk-1","epoch":"8c364b04-4005-4308-90f0-98f67d5d918e","kiosk_seq":1,"revision":0,"digest":"8ce54ec31ad812e06438852450a4e1b74bceb5ca2ccb83927c935ca3033ca496","number":"A1001","service":"civil-affairs","priority":"none","order_id":null,"day":1,"queue":"A","state":"called","arrived_line":0,"arrived_work":0,"is_certain":true,"issued_at":"2026-11-25T09:00:00.000000Z","counter":1,"call_seq":8,"call_counter":1,"called_at":"2026-11-25T09:00:00.000000Z","called_line":0,"called_work":0},"counter":{"number":1,"state":"called","version":2,"ticket":"bb89a310-beff-4ce5-8952-5ec574928328","clerk":"clerk-1","acted_line":0,"acted_work":0,"last_press":"e0f7e1b0-d348-4be7-8da2-1e0ed9234b58","last_seq":8}}');
INSERT INTO "hub_events" VALUES(9,1,'came','kiosk-1','bb89a310-beff-4ce5-8952-5ec574928328','A1001',1,'clerk-1','7358d705-d0da-4e2a-9d89-928567a47893',1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"ticket":{"id":"bb89a310-beff-4ce5-8952-5ec574928328","kiosk":"kiosk-1","epoch":"8c364b04-4005-4308-90f0-98f67d5d918e","kiosk_seq":1,"revision":0,"digest":"8ce54ec31ad812e06438852450a4e1b74bceb5ca2ccb83927c935ca3033ca496","number":"A1001","service":"civil-affairs","priority":"none","order_id":null,"day":1,"queue":"A","state":"serving","arrived_line":0,"arrived_work":0,"is_certain":true,"issued_at":"2026-11-25T09:00:00.000000Z","counter":1,"call_seq":8,"call_counter":1,"called_at":"2026-11-25T09:00:00.000000Z","called_line":0,"called_work":0,"came_line":0,"came_work":0},"counter":{"number":1,"state":"serving","version":3,"ticket":"bb89a310-beff-4ce5-8952-5ec574928328","clerk":"clerk-1","acted_line":0,"acted_work":0,"last_press":"7358d705-d0da-4e2a-9d89-928567a47893","last_seq":9}}');
INSERT INTO "hub_events" VALUES(10,1,'done','kiosk-1','bb89a310-beff-4ce5-8952-5ec574928328','A1001',1,'clerk-1','44d1fda8-a1d5-4370-97b0-045daf56efa3',1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"ticket":{"id":"bb89a310-beff-4ce5-8952-5ec574928328","kiosk":"kiosk-1","epoch":"8c364b04-4005-4308-90f0-98f67d5d918e","kiosk_seq":1,"revision":0,"digest":"8ce54ec31ad812e06438852450a4e1b74bceb5ca2ccb83927c935ca3033ca496","number":"A1001","service":"civil-affairs","priority":"none","order_id":null,"day":1,"queue":"A","state":"ended","arrived_line":0,"arrived_work":0,"is_certain":true,"issued_at":"2026-11-25T09:00:00.000000Z","call_seq":8,"call_counter":1,"called_at":"2026-11-25T09:00:00.000000Z","called_line":0,"called_work":0,"came_line":0,"came_work":0,"ended_line":0,"ended_work":0,"end":"done"},"counter":{"number":1,"state":"open","version":4,"clerk":"clerk-1","acted_line":0,"acted_work":0,"last_press":"44d1fda8-a1d5-4370-97b0-045daf56efa3","last_seq":10},"documents":{"civil-affairs":1}}');
INSERT INTO "hub_events" VALUES(11,1,'arrived','kiosk-3','52508e09-3613-4c4c-aed7-6a2818341f3f','A3001',NULL,NULL,NULL,1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"ticket":{"id":"52508e09-3613-4c4c-aed7-6a2818341f3f","kiosk":"kiosk-3","epoch":"5e616cef-a09a-4837-a639-b6129d1fb7c8","kiosk_seq":1,"revision":0,"digest":"44c35a7baf9b1896be173285aeb071c204afa60c6738945494cf1ed791ff2d5e","number":"A3001","service":"civil-affairs","priority":"none","order_id":null,"day":1,"queue":"A","state":"waiting","arrived_line":0,"arrived_work":0,"is_certain":true,"issued_at":"2026-11-25T09:00:00.000000Z"}}');
INSERT INTO "hub_events" VALUES(12,1,'by-hand',NULL,NULL,NULL,1,'clerk-1','f1d1145c-6966-4368-ac0c-b8a977cd9aee',1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"counter":{"number":1,"state":"open","version":5,"clerk":"clerk-1","acted_line":0,"acted_work":0,"last_press":"f1d1145c-6966-4368-ac0c-b8a977cd9aee","last_seq":12},"detail":{"ranges":[{"to":"A3001","first":null,"but":[]}]}}');
INSERT INTO "hub_events" VALUES(13,1,'by-hand','kiosk-3','52508e09-3613-4c4c-aed7-6a2818341f3f','A3001',NULL,'clerk-1','f1d1145c-6966-4368-ac0c-b8a977cd9aee',1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"ticket":{"id":"52508e09-3613-4c4c-aed7-6a2818341f3f","kiosk":"kiosk-3","epoch":"5e616cef-a09a-4837-a639-b6129d1fb7c8","kiosk_seq":1,"revision":0,"digest":"44c35a7baf9b1896be173285aeb071c204afa60c6738945494cf1ed791ff2d5e","number":"A3001","service":"civil-affairs","priority":"none","order_id":null,"day":1,"queue":"A","state":"ended","arrived_line":0,"arrived_work":0,"is_certain":true,"issued_at":"2026-11-25T09:00:00.000000Z","ended_line":0,"ended_work":0,"end":"by-hand"}}');
INSERT INTO "hub_events" VALUES(14,1,'called','kiosk-2','3bff413d-8acd-47a3-8758-13875b1b02ed','A2001',1,'clerk-1','1a01ab35-2b2d-41eb-8c72-1290fafa820d',1,0,0,'2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','{"ticket":{"id":"3bff413d-8acd-47a3-8758-13875b1b02ed","kiosk":"kiosk-2","epoch":"ff9e708f-d8a2-4d6f-88a3-09f092db7409","kiosk_seq":1,"revision":0,"digest":"3aa168d78f2842aed7de5b5bb09dc9d7e9d5d3c93634848dc4fe57bfdba7e19a","number":"A2001","service":"civil-affairs","priority":"infant","order_id":"abababababababababababababababab","day":1,"queue":"A","state":"called","arrived_line":0,"arrived_work":0,"is_certain":true,"issued_at":"2026-11-25T09:00:00.000000Z","counter":1,"call_seq":14,"call_counter":1,"called_at":"2026-11-25T09:00:00.000000Z","called_line":0,"called_work":0},"counter":{"number":1,"state":"called","version":6,"ticket":"3bff413d-8acd-47a3-8758-13875b1b02ed","clerk":"clerk-1","acted_line":0,"acted_work":0,"last_press":"1a01ab35-2b2d-41eb-8c72-1290fafa820d","last_seq":14}}');
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
INSERT INTO "hub_kiosk_boots" VALUES('kiosk-1','31058f17-9b4e-4b76-b159-1a8becd7e592',-900000000,0);
INSERT INTO "hub_kiosk_boots" VALUES('kiosk-2','8cd67109-f6d2-4dbf-991e-b7876d79af8d',-800000000,0);
INSERT INTO "hub_kiosk_boots" VALUES('kiosk-3','94652a67-a68b-4fb3-a280-edab3e7f28fb',-700000000,0);
CREATE TABLE hub_kiosk_needs (
	kiosk TEXT NOT NULL, 
	needs TEXT NOT NULL, 
	heard_line INTEGER NOT NULL, 
	CONSTRAINT pk_hub_kiosk_needs PRIMARY KEY (kiosk)
);
INSERT INTO "hub_kiosk_needs" VALUES('kiosk-1','["paper-out"]',5);
CREATE TABLE hub_led (
	term INTEGER NOT NULL, 
	hub TEXT NOT NULL, 
	"by" TEXT, 
	at TEXT NOT NULL, 
	CONSTRAINT pk_hub_led PRIMARY KEY (term, hub)
);
INSERT INTO "hub_led" VALUES(1,'hub-0001',NULL,'2026-11-25T09:00:00.000000Z');
CREATE TABLE hub_lives (
	seq INTEGER NOT NULL, 
	life TEXT NOT NULL, 
	hub TEXT NOT NULL, 
	CONSTRAINT pk_hub_lives PRIMARY KEY (seq)
);
INSERT INTO "hub_lives" VALUES(2,'ae6a6a6d262a87cd','hub-0001');
CREATE TABLE hub_locks (
	scope TEXT NOT NULL, 
	failures INTEGER NOT NULL, 
	last_line INTEGER NOT NULL, 
	until_line INTEGER NOT NULL, 
	under_way INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_hub_locks PRIMARY KEY (scope)
);
INSERT INTO "hub_locks" VALUES('clerk-1',2,3,4,0);
CREATE TABLE hub_messages (
	id TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	channel TEXT, 
	made_at TEXT NOT NULL, 
	dies_at TEXT NOT NULL, 
	state TEXT NOT NULL, 
	until TEXT, 
	handed_at TEXT, 
	tries INTEGER NOT NULL, 
	reference TEXT, 
	alarm TEXT NOT NULL, 
	person TEXT NOT NULL, 
	text TEXT NOT NULL, sends INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_hub_messages PRIMARY KEY (id)
);
INSERT INTO "hub_messages" VALUES('m1','staff-alarm','modem','2026-11-25T09:11:00.000000Z','2026-11-25T10:11:00.000000Z','handed',NULL,NULL,0,'7','paper-out/kiosk-1','abababababababababababababababab','…',0);
CREATE TABLE hub_offices (
	origin TEXT NOT NULL, 
	seen_line INTEGER NOT NULL, 
	CONSTRAINT pk_hub_offices PRIMARY KEY (origin)
);
INSERT INTO "hub_offices" VALUES('192.0.2.7',3);
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
INSERT INTO "hub_presses" VALUES(1,'1a01ab35-2b2d-41eb-8c72-1290fafa820d','e737121f0bbdbf7dc131810fd939af5308c031cc51546337781202c71d5cb58f',200,'{"press":"next","counter":{"number":1,"state":"called","version":6,"ticket":{"id":"3bff413d-8acd-47a3-8758-13875b1b02ed","kiosk":"kiosk-2","number":"A2001","service":"civil-affairs","names":{"ar":"وثائق الشؤون المدنية","en":"Civil affairs documents"},"waited_s":0,"priority":"infant","ready_order":true,"called_at":"2026-11-25T09:00:00.000000Z","voided":false,"expected_at":null}},"call":14}',14,'hub-0001',1,0);
INSERT INTO "hub_presses" VALUES(1,'318ea9d3-0a78-44d2-af65-26e5969dd0fc','5b8cffc1fe598e3b6132bd46ca3a4a9bcb04c500b2351e5168f709f52b91e261',200,'{"press":"open","counter":{"number":1,"state":"open","version":1,"ticket":null},"call":null}',7,'hub-0001',1,0);
INSERT INTO "hub_presses" VALUES(1,'44d1fda8-a1d5-4370-97b0-045daf56efa3','5598e7db33ae4d42db17982bc5325f1cb534beb71353c33e1304f5f60972710e',200,'{"press":"done","counter":{"number":1,"state":"open","version":4,"ticket":null},"call":null}',10,'hub-0001',1,0);
INSERT INTO "hub_presses" VALUES(1,'7358d705-d0da-4e2a-9d89-928567a47893','91df0ac27b95584e812ed6b05e8d95ebc8b515929bf61ceb8cb850b86e8615e3',200,'{"press":"came","counter":{"number":1,"state":"serving","version":3,"ticket":{"id":"bb89a310-beff-4ce5-8952-5ec574928328","kiosk":"kiosk-1","number":"A1001","service":"civil-affairs","names":{"ar":"وثائق الشؤون المدنية","en":"Civil affairs documents"},"waited_s":0,"priority":"none","ready_order":false,"called_at":"2026-11-25T09:00:00.000000Z","voided":false,"expected_at":null}},"call":null}',9,'hub-0001',1,0);
INSERT INTO "hub_presses" VALUES(1,'e0f7e1b0-d348-4be7-8da2-1e0ed9234b58','e737121f0bbdbf7dc131810fd939af5308c031cc51546337781202c71d5cb58f',200,'{"press":"next","counter":{"number":1,"state":"called","version":2,"ticket":{"id":"bb89a310-beff-4ce5-8952-5ec574928328","kiosk":"kiosk-1","number":"A1001","service":"civil-affairs","names":{"ar":"وثائق الشؤون المدنية","en":"Civil affairs documents"},"waited_s":0,"priority":"none","ready_order":false,"called_at":"2026-11-25T09:00:00.000000Z","voided":false,"expected_at":null}},"call":8}',8,'hub-0001',1,0);
INSERT INTO "hub_presses" VALUES(1,'f1d1145c-6966-4368-ac0c-b8a977cd9aee','70e19533b612c650369f37355711bbcdbd91c0a041ebd1109249a99523584ed4',200,'{"press":"by-hand","counter":{"number":1,"state":"open","version":5,"ticket":null},"call":null,"entered":1}',13,'hub-0001',1,0);
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
	log_lost INTEGER DEFAULT '0' NOT NULL, board_wanted_m FLOAT, board_serves_m FLOAT, holds_all INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_hub_state PRIMARY KEY (one)
);
INSERT INTO "hub_state" VALUES(1,1,'leading',0,0,1795597200000000,'3f2c9d1e-0000-4000-8000-000000000001',1000000000000,1,NULL,NULL,NULL,0,0,0,0,NULL,NULL,0);
CREATE TABLE hub_texts_let_go (
	one INTEGER NOT NULL, 
	n INTEGER NOT NULL, 
	CONSTRAINT pk_hub_texts_let_go PRIMARY KEY (one)
);
INSERT INTO "hub_texts_let_go" VALUES(1,2);
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
	high_s INTEGER, told_today TEXT, token_sha256 TEXT, first_day TEXT, last_day TEXT, claim TEXT, claimed TEXT, place_line INTEGER, shown TEXT, claim_at TEXT, due_line INTEGER, credit_us INTEGER, 
	CONSTRAINT pk_hub_tickets PRIMARY KEY (id)
);
INSERT INTO "hub_tickets" VALUES('bb89a310-beff-4ce5-8952-5ec574928328','kiosk-1','8c364b04-4005-4308-90f0-98f67d5d918e',1,0,'8ce54ec31ad812e06438852450a4e1b74bceb5ca2ccb83927c935ca3033ca496','A1001','civil-affairs','none',NULL,1,'A','ended',0,0,1,'2026-11-25T09:00:00.000000Z',NULL,0,NULL,NULL,0,NULL,NULL,NULL,8,1,'2026-11-25T09:00:00.000000Z',0,0,0,0,0,0,'done',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "hub_tickets" VALUES('3bff413d-8acd-47a3-8758-13875b1b02ed','kiosk-2','ff9e708f-d8a2-4d6f-88a3-09f092db7409',1,0,'3aa168d78f2842aed7de5b5bb09dc9d7e9d5d3c93634848dc4fe57bfdba7e19a','A2001','civil-affairs','infant','abababababababababababababababab',1,'A','called',0,0,1,'2026-11-25T09:00:00.000000Z',NULL,0,NULL,NULL,0,NULL,NULL,1,14,1,'2026-11-25T09:00:00.000000Z',0,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "hub_tickets" VALUES('52508e09-3613-4c4c-aed7-6a2818341f3f','kiosk-3','5e616cef-a09a-4837-a639-b6129d1fb7c8',1,0,'44c35a7baf9b1896be173285aeb071c204afa60c6738945494cf1ed791ff2d5e','A3001','civil-affairs','none',NULL,1,'A','ended',0,0,1,'2026-11-25T09:00:00.000000Z',NULL,0,NULL,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,0,'by-hand',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE hub_work_spans (
	line_us INTEGER NOT NULL, 
	work_us INTEGER NOT NULL, 
	is_running INTEGER NOT NULL, seq INTEGER, 
	CONSTRAINT pk_hub_work_spans PRIMARY KEY (line_us)
);
INSERT INTO "hub_work_spans" VALUES(1,0,1,3);
CREATE TABLE inquiries (
	id TEXT NOT NULL, 
	kiosk TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	body TEXT NOT NULL, 
	reply_key TEXT NOT NULL, 
	boot_id TEXT NOT NULL, 
	dies_ns INTEGER NOT NULL, 
	asked_at INTEGER NOT NULL, 
	state TEXT NOT NULL, 
	revision INTEGER DEFAULT '0' NOT NULL, 
	answer TEXT, 
	CONSTRAINT pk_inquiries PRIMARY KEY (id)
);
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
INSERT INTO "items" VALUES(1,'74e7a7dd-bb05-4366-9627-9cd6a0eb77f1','ac7e2e6f-26db-4204-b402-b6ce62219c1e',1,'audit','2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6InN0b3JlLW9wZW5lZCIsImRldGFpbCI6eyJ3aHkiOiJuZXctc3RvcmUiLCJmb3JtZXJfZXBvY2giOm51bGwsImZvcm1lcl9sYXN0X3NlcSI6bnVsbCwiZm9ybWVyX2xhc3RfaGFzaCI6bnVsbH19','0000000000000000000000000000000000000000000000000000000000000000','84ad57dbbb33853c5cceae77bdd4aa6eb14138964bfd21934d7e9138a3621185','waiting',NULL,NULL);
INSERT INTO "items" VALUES(2,'cebf6a96-0c81-4ed4-baf7-f1d3ddbb5996','ac7e2e6f-26db-4204-b402-b6ce62219c1e',2,'audit','2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6ImJ1c2luZXNzLWRheS1vcGVuZWQiLCJkZXRhaWwiOnsiZGF0ZSI6IjIwMjYtMTEtMjUiLCJieSI6ImNsb2NrIiwiZGF5IjoxfX0=','84ad57dbbb33853c5cceae77bdd4aa6eb14138964bfd21934d7e9138a3621185','30ab55a39408c81c68c2170cbe0c26fab68dcf49715b5235b27fe0cef1b03625','waiting',NULL,NULL);
INSERT INTO "items" VALUES(3,'7b0839aa-e758-4fea-95ec-c3a9ede1fe4e','ac7e2e6f-26db-4204-b402-b6ce62219c1e',3,'queue','2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6ImNvdW50ZXItb3BlbmVkIiwiY291bnRlciI6MSwiY2xlcmsiOiJjbGVyay0xIn0=','30ab55a39408c81c68c2170cbe0c26fab68dcf49715b5235b27fe0cef1b03625','c145b0696a12cd6058994d14657d3a1e44955205a4be6a8369b92ea93e88d8c2','waiting',NULL,NULL);
INSERT INTO "items" VALUES(4,'37511f0f-003f-4a9a-adfe-c2238f876711','ac7e2e6f-26db-4204-b402-b6ce62219c1e',4,'queue','2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6ImNhbGxlZCIsImtpb3NrIjoia2lvc2stMSIsInRpY2tldCI6ImJiODlhMzEwLWJlZmYtNGNlNS04OTUyLTVlYzU3NDkyODMyOCIsIm51bWJlciI6IkExMDAxIiwiY291bnRlciI6MSwiY2xlcmsiOiJjbGVyay0xIn0=','c145b0696a12cd6058994d14657d3a1e44955205a4be6a8369b92ea93e88d8c2','aaa328825de070dc970dc7eee0d4e9497b1ac8525734fb040ff76556dcecb3e4','waiting',NULL,NULL);
INSERT INTO "items" VALUES(5,'bf076b98-fd59-49a5-b2ea-a66202e86fb9','ac7e2e6f-26db-4204-b402-b6ce62219c1e',5,'queue','2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6ImNhbWUiLCJraW9zayI6Imtpb3NrLTEiLCJ0aWNrZXQiOiJiYjg5YTMxMC1iZWZmLTRjZTUtODk1Mi01ZWM1NzQ5MjgzMjgiLCJudW1iZXIiOiJBMTAwMSIsImNvdW50ZXIiOjEsImNsZXJrIjoiY2xlcmstMSJ9','aaa328825de070dc970dc7eee0d4e9497b1ac8525734fb040ff76556dcecb3e4','fa7c9274998f141ff529183f2b210fe2562f8dcaa158c6cae0991ef1a29509a6','waiting',NULL,NULL);
INSERT INTO "items" VALUES(6,'f2ff2c88-1dec-4a00-bff0-1ee2268cc46f','ac7e2e6f-26db-4204-b402-b6ce62219c1e',6,'queue','2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6ImRvbmUiLCJraW9zayI6Imtpb3NrLTEiLCJ0aWNrZXQiOiJiYjg5YTMxMC1iZWZmLTRjZTUtODk1Mi01ZWM1NzQ5MjgzMjgiLCJudW1iZXIiOiJBMTAwMSIsImNvdW50ZXIiOjEsImNsZXJrIjoiY2xlcmstMSIsImRvY3VtZW50cyI6eyJjaXZpbC1hZmZhaXJzIjoxfX0=','fa7c9274998f141ff529183f2b210fe2562f8dcaa158c6cae0991ef1a29509a6','9e59142ae02acfb73a5186c7e08216dcaa396cbfd4f1e117f8a829bca855555a','waiting',NULL,NULL);
INSERT INTO "items" VALUES(7,'f1bdfec6-977b-449b-9344-ba2d2c5fa080','ac7e2e6f-26db-4204-b402-b6ce62219c1e',7,'queue','2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6ImJ5LWhhbmQiLCJjb3VudGVyIjoxLCJjbGVyayI6ImNsZXJrLTEifQ==','9e59142ae02acfb73a5186c7e08216dcaa396cbfd4f1e117f8a829bca855555a','a817dcc41a43e5365d0c4e6dead287b7042bfd7c0b27397778534ccfc03b3f1c','waiting',NULL,NULL);
INSERT INTO "items" VALUES(8,'4a8f1fcf-6fcd-4b6f-8aca-b6249c0c32c6','ac7e2e6f-26db-4204-b402-b6ce62219c1e',8,'queue','2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6ImJ5LWhhbmQiLCJraW9zayI6Imtpb3NrLTMiLCJ0aWNrZXQiOiI1MjUwOGUwOS0zNjEzLTRjNGMtYWVkNy02YTI4MTgzNDFmM2YiLCJudW1iZXIiOiJBMzAwMSIsImNsZXJrIjoiY2xlcmstMSJ9','a817dcc41a43e5365d0c4e6dead287b7042bfd7c0b27397778534ccfc03b3f1c','e63c63cecd82b8901d5f68215803ef8b3b2654d3c0fcf74544520026a05a9828','waiting',NULL,NULL);
INSERT INTO "items" VALUES(9,'0789d95d-a7ba-4330-91be-c8e431fce6f4','ac7e2e6f-26db-4204-b402-b6ce62219c1e',9,'queue','2026-11-25T09:00:00.000000Z',1000000000000,'3f2c9d1e-0000-4000-8000-000000000001','synced','eyJldmVudCI6ImNhbGxlZCIsImtpb3NrIjoia2lvc2stMiIsInRpY2tldCI6IjNiZmY0MTNkLThhY2QtNDdhMy04NzU4LTEzODc1YjFiMDJlZCIsIm51bWJlciI6IkEyMDAxIiwiY291bnRlciI6MSwiY2xlcmsiOiJjbGVyay0xIn0=','e63c63cecd82b8901d5f68215803ef8b3b2654d3c0fcf74544520026a05a9828','1812fed157b2c1a701c5db11ba09213d40b70911a0b171fd2b615f5099665e5c','waiting',NULL,NULL);
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
CREATE TABLE payments (
	payment TEXT NOT NULL, 
	inquiry TEXT NOT NULL, 
	bill_no TEXT NOT NULL, 
	biller TEXT NOT NULL, 
	payer TEXT NOT NULL, 
	amount INTEGER NOT NULL, 
	currency TEXT NOT NULL, 
	pound TEXT NOT NULL, 
	dies_at TEXT NOT NULL, 
	opened_at INTEGER NOT NULL, 
	state TEXT NOT NULL, 
	told TEXT, 
	CONSTRAINT pk_payments PRIMARY KEY (payment)
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
INSERT INTO "store" VALUES(1,'ac7e2e6f-26db-4204-b402-b6ce62219c1e','hub-0001','homs-main',0,'mmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmm',9,'1812fed157b2c1a701c5db11ba09213d40b70911a0b171fd2b615f5099665e5c',1795597200000000,NULL,NULL,NULL,NULL,0,0,NULL);
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
CREATE INDEX ix_inquiries_open ON inquiries (state) WHERE state IN ('asked', 'answered', 'failed', 'undo');
CREATE INDEX ix_hub_presses_seq ON hub_presses (seq);
CREATE INDEX ix_hub_tickets_day_number ON hub_tickets (day, number);
CREATE INDEX ix_hub_tickets_kiosk ON hub_tickets (kiosk, epoch, kiosk_seq);
CREATE INDEX ix_hub_tickets_state ON hub_tickets (state, day);
CREATE INDEX ix_hub_sessions_counter ON hub_sessions (counter);
CREATE INDEX ix_hub_tickets_last_day ON hub_tickets (last_day) WHERE last_day IS NOT NULL;
CREATE INDEX ix_hub_tickets_claimed ON hub_tickets (claimed) WHERE claimed IS NOT NULL;
CREATE INDEX ix_hub_messages_alarm ON hub_messages (alarm, person);
CREATE INDEX ix_hub_messages_state ON hub_messages (state, dies_at);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('business_days',1);
COMMIT;
