ALTER TABLE "orders" ADD COLUMN "saga" text;--> statement-breakpoint
UPDATE "orders" SET "saga" = 'fulfilOrder:' || "order_id";--> statement-breakpoint
ALTER TABLE "orders" ALTER COLUMN "saga" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "return_requested_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "return_refused" text;