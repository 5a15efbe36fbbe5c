package cli

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"dengwen/internal/app"
	"dengwen/internal/config"
	"dengwen/petition/bulletin"
)

// The command line around a service notice: nothing goes without people who agreed, a
// text that fits and a yes; who sent what stays on record.
func TestBroadcastCommand(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	call := func(want string, args ...string) string {
		t.Helper()
		var out, faults bytes.Buffer
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		err := run(ctx, append([]string{"--data-dir", dir, "--log-level", "error", "broadcast"}, args...), streams{strings.NewReader("周日也接待\n"), &out, &faults})
		text := out.String() + faults.String()
		if err != nil {
			text += err.Error()
		}
		if !strings.Contains(text, want) {
			t.Errorf("broadcast %q says\n%s\nwithout %q", args, text, want)
		}
		return text
	}
	call("请写 --text 或 --file")
	call("还没有发过服务通知", "--status")
	call("没有人同意接收", "--text", "周六上午也接待", "--yes")
	agreed(t, dir, "tg:1", "tg:2")
	call("不问就发用 --yes", "--text", "周六上午也接待")
	call("太长了，最多 1000 个字", "--text", strings.Repeat("长", bulletin.MaxText+1), "--yes")
	if text := call("共 2，送到 0，还没到 2", "--text", "周六上午也接待", "--yes"); !strings.Contains(text, "2 人会收到") || !strings.Contains(text, "通知还在发") || strings.Contains(text, "tg:") {
		t.Errorf("sending says\n%s", text)
	}
	call("上一条还没发完", "--file", "-", "--yes")
	call("停下了：共 2，送到 0，还没到 0，送不到 0，退订 0，没有发 2", "--stop")
	call("现在没有在发的通知", "--stop")
	call("周日也接待", "--file", "-", "--yes")
	if list := call("周六上午也接待", "--list"); strings.Count(list, "(shell)") != 2 || !strings.Contains(list, "停发：") {
		t.Errorf("the record is\n%s", list)
	}
}

func agreed(t *testing.T, dir string, chats ...string) {
	t.Helper()
	set := config.Settings{DataDir: dir, LogLevel: "error", LogFormat: "text"}
	err := app.WithRoster(t.Context(), &set, slog.New(slog.DiscardHandler), func(a *app.App) error {
		for _, chat := range chats {
			if _, err := a.Bulletins.Agree(t.Context(), chat, "zh-CN"); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
