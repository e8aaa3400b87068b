CREATE TABLE "return_labels" (
	"label_id" text PRIMARY KEY NOT NULL,
	"order_id" text NOT NULL,
	"state" text NOT NULL,
	"country" text NOT NULL,
	"ship_from" json NOT NULL,
	"sent_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "state_is_known" CHECK ("return_labels"."state" in ('sent', 'voided'))
);
--> statement-breakpoint
ALTER TABLE "shipments" ADD COLUMN "warehouse" text;--> statement-breakpoint
CREATE INDEX "labels_of_order" ON "return_labels" USING btree ("order_id","sent_at");--> statement-breakpoint
CREATE UNIQUE INDEX "one_booked_parcel_a_warehouse" ON "shipments" USING btree ("order_id","warehouse") WHERE "shipments"."state" = 'booked';