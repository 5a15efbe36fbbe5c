package redis

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// Connections of a server: how many, with which buffers in bytes for single calls and
// for those that the batcher sends together, and for how long a call may hang. Twenty
// connections with the client's own buffers are two megabytes.
const (
	pool, kept   = 16, 4
	small, large = 8 << 10, 64 << 10
	hang         = 3 * time.Second
)

func connect(ctx context.Context, at string) (redis.UniversalClient, error) {
	if named(at, "master_name") {
		return sentinel(ctx, at)
	}
	if named(at, "addr") {
		return cluster(ctx, at)
	}
	one, o, err := single(at)
	if err != nil {
		return nil, err
	}
	info, err := one.Info(ctx, "cluster").Result()
	if err != nil {
		_ = one.Close()
		return nil, fmt.Errorf("connect to Redis at %s: %w", o.Addr, err)
	}
	if !strings.Contains(info, "cluster_enabled:1") {
		return one, nil
	}
	_ = one.Close()
	return cluster(ctx, at)
}

// named reports whether an address has a parameter.
func named(at, parameter string) bool {
	u, err := url.Parse(at)
	return err == nil && u.Query().Has(parameter)
}

func single(at string) (*redis.Client, *redis.Options, error) {
	o, err := redis.ParseURL(at)
	if err != nil {
		return nil, nil, fmt.Errorf("REDIS_URL: %w", err)
	}
	o.DisableIdentity = true // older and compatible servers count an error per connection
	o.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	o.PoolSize, o.MinIdleConns, o.MaxIdleConns, o.PipelinePoolSize = pool, 1, kept, maxBatches
	o.ReadBufferSize, o.WriteBufferSize, o.PipelineReadBufferSize, o.PipelineWriteBufferSize = small, small, large, large
	o.ReadTimeout, o.WriteTimeout = hang, hang
	return redis.NewClient(o), o, nil
}

func cluster(ctx context.Context, at string) (redis.UniversalClient, error) {
	o, err := redis.ParseClusterURL(at)
	if err != nil {
		return nil, fmt.Errorf("REDIS_URL: %w", err)
	}
	o.DisableIdentity = true
	o.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	o.PoolSize, o.MinIdleConns, o.MaxIdleConns, o.PipelinePoolSize = pool, 1, kept, maxBatches
	o.ReadBufferSize, o.WriteBufferSize, o.PipelineReadBufferSize, o.PipelineWriteBufferSize = small, small, large, large
	o.ReadTimeout, o.WriteTimeout = hang, hang
	// A dead master does not tell who replaced it: asking after the standard minute, a
	// third of all conversations stood still as long.
	o.ClusterStateReloadInterval = time.Second
	c := redis.NewClusterClient(o)
	if err := c.ClusterShards(ctx).Err(); err != nil {
		_ = c.Close()
		return nil, fmt.Errorf("connect to the Redis cluster at %s: %w", strings.Join(o.Addrs, ", "), err)
	}
	return c, nil
}

// sentinel connects to the master that sentinels name, and to the next one when it dies.
func sentinel(ctx context.Context, at string) (redis.UniversalClient, error) {
	o, err := redis.ParseFailoverURL(at)
	if err != nil {
		return nil, fmt.Errorf("REDIS_URL: %w", err)
	}
	o.DisableIdentity = true
	o.PoolSize, o.MinIdleConns, o.MaxIdleConns, o.PipelinePoolSize = pool, 1, kept, maxBatches
	o.ReadBufferSize, o.WriteBufferSize, o.PipelineReadBufferSize, o.PipelineWriteBufferSize = small, small, large, large
	o.ReadTimeout, o.WriteTimeout = hang, hang
	c := redis.NewFailoverClient(o)
	if err := c.ClusterShards(ctx).Err(); err != nil {
		_ = c.Close()
		return nil, fmt.Errorf("connect to the Redis master %q that the sentinels at %s know: %w", o.MasterName, strings.Join(o.SentinelAddrs, ", "), err)
	}
	return c, nil
}
