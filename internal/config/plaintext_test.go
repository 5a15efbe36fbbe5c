package config

import (
	"slices"
	"testing"
)

func TestPlaintextToOtherMachines(t *testing.T) {
	t.Parallel()
	s := &Settings{
		RedisURL: "redis://10.0.0.2:6379/0", DatabaseURL: "postgres://u:p@db/x?sslmode=prefer", CaseAPI: "http://cases.example",
		TelegramAPI: "https://api.telegram.org", OpenAIBase: "http://[::1]:8000/v1", BlobURL: "s3://k:s@minio:9000/b?tls=false",
	}
	if got := s.Plaintext(); !slices.Equal(got, []string{"REDIS_URL", "DATABASE_URL", "CASE_API_URL", "DENGWEN_BLOB_URL"}) {
		t.Errorf("without TLS are %v", got)
	}
	s = &Settings{
		RedisURL: "rediss://10.0.0.2/0", DatabaseURL: "postgres://u@db/x?sslmode=verify-full", CaseAPI: "http://localhost:8080",
		OpenAIBase: "https://m.example", BlobURL: "s3://k:s@minio/b",
	}
	if got := s.Plaintext(); len(got) > 0 {
		t.Errorf("without TLS are %v", got)
	}
	s = &Settings{RedisURL: "redis://127.0.0.1/0", DatabaseURL: "postgres:///x?host=/run/postgresql"}
	if got := s.Plaintext(); len(got) > 0 {
		t.Errorf("on this machine: %v", got)
	}
}
