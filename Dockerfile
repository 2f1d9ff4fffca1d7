# You can pin both base images to digests. The runtime image needs no npm.
ARG NODE_IMAGE=node:26-slim
ARG RUNTIME_IMAGE=debian:trixie-slim

FROM ${NODE_IMAGE} AS build
# The debug symbols of Node are a fifth of its size, so remove them.
RUN apt-get update -qq \
  && apt-get install -qq --yes --no-install-recommends binutils \
  && strip /usr/local/bin/node \
  && install --directory --owner 10001 --group 0 /app/compiled
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY deploy/bundle.ts deploy/
COPY src src
COPY plugins plugins
COPY routes routes
# npm lists the installed packages only if package.json names no package that was removed. (With --omit=dev, npm 11 leaves out
# packages that a devDependency also needs.)
RUN node deploy/bundle.ts /app && npm prune --omit=dev --ignore-scripts \
  && npm pkg delete devDependencies && npm sbom --sbom-format=cyclonedx >/app/sbom.json \
  && mv node_modules package-lock.json /app
# Types and source maps are more than a third of the size of the packages, so remove them.
RUN find /app/node_modules \( -name '*.d.ts' -o -name '*.d.[cm]ts' -o -name '*.map' \) -delete \
  && find /app/node_modules -type d -empty -delete
# Start and stop the service once to fill the compile cache. A container cannot fill this cache, since its file system is
# read-only. Node has a cache for each user, so run the service as the user of the runtime image.
USER 10001:0
RUN NODE_COMPILE_CACHE=/app/compiled DATABASE_URL=sqlite::memory: PORT=0 node --input-type=module \
  --eval "await import('/app/src/start.js'); process.kill(process.pid, 'SIGTERM')"

FROM ${RUNTIME_IMAGE}
ARG REVISION=
LABEL org.opencontainers.image.title="restful-web-api" \
  org.opencontainers.image.description="A RESTful web API service that follows the HTTP standards" \
  org.opencontainers.image.licenses="MIT" \
  org.opencontainers.image.version="0.1.0" \
  org.opencontainers.image.revision="${REVISION}"
# Add the only library that Node needs but the base image lacks.
COPY --from=build /usr/lib/*/libatomic.so.1 /usr/lib/
COPY --from=build /usr/local/bin/node /usr/local/bin/
COPY --from=build /app /app
# OpenShift runs the container as an arbitrary user of group 0, so this group can write to the volume.
RUN install --directory --owner 10001 --group 0 --mode 770 /data
WORKDIR /app
ENV HOST=0.0.0.0 PORT=5000 DATABASE_URL=sqlite:/data/api.db NODE_COMPILE_CACHE=/app/compiled
USER 10001:0
VOLUME /data
EXPOSE 5000
# The OCI image format has no health check. If the builder supports both formats, build with --format docker.
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s CMD ["node", "--eval", \
  "require('node:http').get({ host: '127.0.0.1', port: process.env.PORT || 5000, path: '/health/live', agent: false }, \
  ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1))"]
# SIGUSR1 would open a debugger.
ENTRYPOINT ["node", "--disable-sigusr1"]
CMD ["src/start.js"]
