package telegram

import "context"

// Username asks Telegram what the bot is called (Bot API getMe), for links.
func (d *Door) Username(ctx context.Context) (string, error) {
	if name := d.username(); name != "" {
		return name, nil
	}
	if err := d.learnName(ctx); err != nil {
		return "", d.hide(err)
	}
	return d.username(), nil
}
