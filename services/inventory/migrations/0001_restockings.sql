CREATE TABLE "restockings" (
	"restocking_id" text PRIMARY KEY NOT NULL,
	"order_id" text NOT NULL,
	"state" text NOT NULL,
	"lines" json NOT NULL,
	"restocked_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "state_is_known" CHECK ("restockings"."state" in ('restocked', 'withdrawn'))
);
--> statement-breakpoint
CREATE INDEX "restockings_of_order" ON "restockings" USING btree ("order_id","restocked_at");