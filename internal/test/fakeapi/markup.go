package fakeapi

import "encoding/json"

type keyboards struct {
	Inline [][]struct {
		Text string `json:"text"`
		Data string `json:"callback_data"`
		URL  string `json:"url"`
	} `json:"inline_keyboard"`
	Keyboard [][]json.RawMessage `json:"keyboard"`
}

// readMarkup reads and checks a reply_markup. fault is what Telegram would say.
func readMarkup(raw string) (buttons []Button, fault string) {
	if raw == "" {
		return nil, ""
	}
	var k keyboards
	if json.Unmarshal([]byte(raw), &k) != nil {
		return nil, "can't parse reply keyboard markup JSON object"
	}
	for _, row := range k.Inline {
		for _, b := range row {
			switch {
			case b.Text == "":
				return nil, "inline keyboard button text must be non-empty"
			case b.URL == "" && b.Data == "":
				return nil, "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
			case b.URL != "" && b.Data != "":
				return nil, "can't parse inline keyboard button: exactly one action is needed"
			case len(b.Data) > 64:
				return nil, "BUTTON_DATA_INVALID"
			}
			buttons = append(buttons, Button{Text: b.Text, Data: b.Data, URL: b.URL, Inline: true})
		}
	}
	for _, row := range k.Keyboard {
		for _, raw := range row {
			b, ok := keyboardButton(raw)
			if !ok {
				return nil, "keyboard button text must be non-empty"
			}
			buttons = append(buttons, b)
		}
	}
	return buttons, ""
}

func keyboardButton(raw json.RawMessage) (Button, bool) {
	var b struct {
		Text     string `json:"text"`
		Location bool   `json:"request_location"`
		Contact  bool   `json:"request_contact"`
	}
	if raw[0] == '"' {
		_ = json.Unmarshal(raw, &b.Text)
	} else {
		_ = json.Unmarshal(raw, &b)
	}
	return Button{Text: b.Text, Location: b.Location, Contact: b.Contact}, b.Text != ""
}
