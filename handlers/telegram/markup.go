package telegram

import (
	"github.com/go-telegram/bot/models"

	"dengwen/bot"
)

// markup is the keyboard under a message. Telegram takes one kind only: buttons
// under the message (inline), or a keyboard in place of the letters, which alone
// can hand over a location or phone number at a touch. Where the message has
// buttons they win, because a press on them is an answer and the attachment menu still
// shares a location; without buttons the question gets its native keyboard.
func (d *Door) markup(say bot.Say) models.ReplyMarkup {
	if rows := d.inline(say.Rows); rows != nil {
		return rows
	}
	if ask := d.native(say); ask != nil {
		return ask
	}
	return nil
}

func (d *Door) native(say bot.Say) *models.ReplyKeyboardMarkup {
	b := models.KeyboardButton{RequestLocation: say.Ask == "location", RequestContact: say.Ask == "contact"}
	if !b.RequestLocation && !b.RequestContact || d.cfg.Locales == nil {
		return nil
	}
	b.Text = d.cfg.Locales.Say(say.Lang, "telegram."+say.Ask)
	return &models.ReplyKeyboardMarkup{Keyboard: [][]models.KeyboardButton{{b}}, ResizeKeyboard: true, OneTimeKeyboard: true}
}

// keyboard is models.InlineKeyboardMarkup with what we use of it: a message has a dozen
// buttons, and the library's button has three times the size and five times the fields.
type keyboard struct {
	Rows [][]button `json:"inline_keyboard"`
}

type button struct {
	Text string `json:"text"`
	URL  string `json:"url,omitempty"`
	Data string `json:"callback_data,omitempty"`
}

// inline leaves out buttons Telegram would refuse the whole message for: without a
// label, without an action, with more data than fits.
func (d *Door) inline(rows [][]bot.Button) *keyboard {
	k := &keyboard{Rows: make([][]button, 0, len(rows))}
	for _, row := range rows {
		line := make([]button, 0, len(row))
		for _, b := range row {
			switch {
			case b.Text != "" && b.URL != "":
				line = append(line, button{Text: b.Text, URL: b.URL})
			case b.Text != "" && b.Data != "" && len(b.Data) <= bot.MaxData:
				line = append(line, button{Text: b.Text, Data: b.Data})
			default:
				d.cfg.Log.Error("telegram: button left out, it has no label or its data does not fit", "bytes", len(b.Data))
			}
		}
		if len(line) > 0 {
			k.Rows = append(k.Rows, line)
		}
	}
	if len(k.Rows) == 0 {
		return nil
	}
	return k
}
