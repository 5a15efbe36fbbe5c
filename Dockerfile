# syntax=docker/dockerfile:1
FROM golang:1.26-alpine AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o /dengwen . && mkdir /data

# Nothing but the program: no shell, no package manager, not root. Certificates are
# needed to reach the Bot API; time zones are in the program.
FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /dengwen /dengwen
COPY --from=build --chown=10001:10001 /data /data
USER 10001:10001
ENV DENGWEN_ADDR=0.0.0.0:8080 DENGWEN_DATA_DIR=/data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s CMD ["/dengwen", "healthy"]
ENTRYPOINT ["/dengwen"]
CMD ["serve"]
