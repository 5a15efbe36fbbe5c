package cli

import (
	"context"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// longWait is how old what waits may be before check tells of it.
const longWait = 5 * time.Minute

// running asks the program that runs with these settings on this machine how it is: whether it is
// ready, else why not, and how long the oldest message not sent or event not answered has waited.
func (c *checkup) running() {
	status, why := c.ask("/readyz")
	switch status {
	case 0:
		c.ok("running", "running_not")
		return
	case http.StatusOK:
	default:
		c.warn("running", "running_unready", "Why", strings.TrimSpace(why))
		return
	}
	_, metrics := c.ask("/metrics")
	_, rest, _ := strings.Cut(metrics, "\ndengwen_waiting_oldest_seconds ")
	line, _, _ := strings.Cut(rest, "\n")
	seconds, err := strconv.ParseFloat(line, 64)
	if oldest := time.Duration(seconds * float64(time.Second)); err == nil && oldest > longWait {
		c.warn("running", "running_waiting", "Minutes", int(oldest.Minutes()))
		return
	}
	c.ok("running", "running_ready")
}

// ask asks the program that runs here; status 0 when none does.
func (c *checkup) ask(path string) (status int, body string) {
	ctx, cancel := context.WithTimeout(c.ctx, 5*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.set.Here()+path, nil)
	if err != nil {
		return 0, ""
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, ""
	}
	defer res.Body.Close()
	text, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	if err != nil {
		return 0, ""
	}
	return res.StatusCode, string(text)
}
