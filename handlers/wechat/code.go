package wechat

import (
	"context"
	"errors"
	"fmt"
	"net/url"
)

// maxScene is how long a scene may be (生成带参数的二维码).
const maxScene = 64

type codeReply struct {
	refusal
	URL string `json:"url"`
}

// Code is the address that a lasting QR code of the account holds. Who scans it opens the conversation
// with /start and the scene, at most 64 characters. An account has 100,000 of them (QR_LIMIT_STR_SCENE).
func Code(ctx context.Context, c Config, scene string) (string, error) {
	if scene == "" || len(scene) > maxScene {
		return "", fmt.Errorf("make a code of the account: a scene of %d characters", len(scene))
	}
	if err := c.normalise(); err != nil {
		return "", err
	}
	var got codeReply
	err := (&Door{cfg: c, client: newClient()}).ask(ctx, "/cgi-bin/qrcode/create", map[string]any{
		"action_name": "QR_LIMIT_STR_SCENE", "action_info": map[string]any{"scene": map[string]string{"scene_str": scene}},
	}, &got)
	if err != nil {
		return "", fmt.Errorf("make a code of the account: %w", err)
	}
	if u, err := url.Parse(got.URL); err != nil || u.Host == "" || len(got.URL) > 256 {
		return "", errors.New("make a code of the account: the platform answered no address")
	}
	return got.URL, nil
}
