CREATE TABLE "notifications" (
	"notification_id" text PRIMARY KEY NOT NULL,
	"order_id" text NOT NULL,
	"customer_id" text NOT NULL,
	"template" text NOT NULL,
	"facts" json NOT NULL,
	"sent_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "template_is_known" CHECK ("notifications"."template" in ('order-confirmed'))
);
--> statement-breakpoint
CREATE INDEX "notifications_of_order" ON "notifications" USING btree ("order_id","sent_at");