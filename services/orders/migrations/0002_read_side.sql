CREATE TABLE "order_releases" (
	"order_id" text NOT NULL,
	"ordinal" integer NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "order_releases_order_id_ordinal_pk" PRIMARY KEY("order_id","ordinal")
);
--> statement-breakpoint
CREATE TABLE "order_facts" (
	"generation" integer NOT NULL,
	"order_id" text NOT NULL,
	"source" text NOT NULL,
	"event_id" text NOT NULL,
	"fact" json NOT NULL,
	CONSTRAINT "order_facts_generation_order_id_source_event_id_pk" PRIMARY KEY("generation","order_id","source","event_id")
);
--> statement-breakpoint
CREATE TABLE "order_views" (
	"generation" integer NOT NULL,
	"order_id" text NOT NULL,
	"status" text NOT NULL,
	"reason" text,
	"tracking_number" text,
	"currency" text NOT NULL,
	"lines" json NOT NULL,
	"total" bigint NOT NULL,
	"history" json NOT NULL,
	"placed_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "order_views_generation_order_id_pk" PRIMARY KEY("generation","order_id"),
	CONSTRAINT "status_is_known" CHECK ("order_views"."status" in ('placed', 'accepted', 'confirmed', 'rejected', 'cancelled', 'returned')),
	CONSTRAINT "total_is_counted_exactly" CHECK ("order_views"."total" between 0 and 9007199254740991)
);
--> statement-breakpoint
CREATE TABLE "order_read_side" (
	"only" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"current" integer NOT NULL,
	"building" integer,
	CONSTRAINT "only_one" CHECK ("order_read_side"."only")
);
--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "acceptances" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "order_releases" ADD CONSTRAINT "order_releases_order_id_orders_order_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("order_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "order_views_by_time" ON "order_views" USING btree ("generation","placed_at","order_id");--> statement-breakpoint
CREATE INDEX "order_views_by_status" ON "order_views" USING btree ("generation","status","placed_at","order_id");--> statement-breakpoint
INSERT INTO "order_read_side" ("current") VALUES (1);
