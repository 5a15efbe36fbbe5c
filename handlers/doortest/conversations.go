package doortest

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"slices"
	"strings"
	"time"

	"dengwen/internal/office"
	"dengwen/petition"
)

// conversation is one test of the suite.
type conversation struct {
	name  string
	needs Capabilities
	hold  func(k *talk)
}

// picture is a small PNG.
func picture() []byte {
	var b bytes.Buffer
	_ = png.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8))) // a buffer takes all
	return b.Bytes()
}

func photo(caption string) File {
	return File{Name: "road.png", Kind: "photo", Caption: caption, Body: picture()}
}

// conversations are the suite, from the everyday to the broken.
var conversations = []conversation{
	{"somebody greets", Capabilities{}, func(k *talk) { k.say("您好"); k.hears("^您好") }},
	{"a petition in one message", Capabilities{}, func(k *talk) {
		number, _ := k.lodge()
		if v := k.one(); v.Number != number || !strings.Contains(v.Facts, "拖拉机过不去") {
			k.t.Errorf("on record is %+v", v)
		}
	}},
	{"the card has its buttons", Capabilities{}, func(k *talk) { k.say(story); k.hasButton(k.hears("我读到的是"), "提交") }},
	{"submit is typed", Capabilities{}, func(k *talk) {
		k.tell()
		k.say("提交")
		k.hears("登记好了|按［提交］|提交")
	}},
	{"progress is asked", Capabilities{}, func(k *talk) { number, _ := k.lodge(); k.say("/my"); k.hears(number) }},
	{"a word asks for progress", Capabilities{}, func(k *talk) { number, _ := k.lodge(); k.say("进度"); k.hears(number) }},
	{"the number with its code is looked up", Capabilities{}, func(k *talk) {
		number, code := k.lodge()
		k.say(number + " " + code)
		k.hears("^" + number + ".*已登记")
	}},
	{"a wrong code tells nothing", Capabilities{}, func(k *talk) {
		k.say("ZS26-0001-KN AAAA-AAAA")
		k.hears("对不上")
	}},
	{"a supplement", Capabilities{}, func(k *talk) {
		k.lodge()
		k.press("补充")
		k.hears("补充什么")
		k.say("昨天又塌了一截")
		k.hears("按［发送］")
		k.press("发送")
		k.hears("补充上去了")
		if v := k.one(); !strings.Contains(fmt.Sprint(v.Timeline), "又塌了一截") {
			k.t.Errorf("not on record: %+v", v.Timeline)
		}
	}},
	{"more of the story at the card", Capabilities{}, func(k *talk) {
		k.tell()
		k.say("还有，桥上的栏杆也断了两根")
		k.hears("您的话后面")
		k.submit()
		k.inOrder(k.one().Facts, "拖拉机过不去", "栏杆也断了")
	}},
	{"a burst keeps its order", Capabilities{}, func(k *talk) {
		k.tell()
		var points []string
		for i := range 5 {
			points = append(points, fmt.Sprintf("还有第%d点，那里也要修一修", i+1))
			k.say(points[i])
		}
		for range points {
			k.hears("您的话后面")
		}
		k.submit()
		k.inOrder(k.one().Facts, points...)
	}},
	{"two petitions", Capabilities{}, func(k *talk) {
		first, _ := k.lodge()
		k.say("/new")
		k.hears("^请说说")
		if second, _ := k.lodge(); second == first {
			k.t.Errorf("one number for two petitions: %s", first)
		}
		if n := len(k.filed()); n != 2 {
			k.t.Errorf("%d petitions are on record", n)
		}
	}},
	{"a petition is given up", Capabilities{}, func(k *talk) {
		k.tell()
		k.say("/cancel")
		k.hears("不|取消|放弃")
		if n := len(k.filed()); n != 0 {
			k.t.Errorf("%d petitions are on record", n)
		}
	}},
	{"texts are agreed to by one press, and ended by one", Capabilities{}, func(k *talk) {
		k.say(story + "。打我电话13900001234")
		k.hears("我读到的是")
		number, _ := k.submit()
		k.press("有新进展也发短信告诉我")
		k.hears(`发短信到 139\*\*\*\*1234`)
		k.office(number, "派人去看了")
		k.toldBesides("sms 信访件 " + number + " 有新进展")
		k.press("不再发短信")
		k.hears("不再给您发短信")
		k.office(number, "开始修了")
		k.toldBesides("sms 信访件 " + number + " 有新进展")
		var noted []string
		v, err := k.cases.Look(context.Background(), petition.Actor{Staff: "p-1", Unit: office.Example().Unit, Roles: []petition.Role{petition.Intake}}, number, "")
		k.must("look", err)
		for _, e := range v.Timeline {
			if e.Move == petition.MoveNote {
				noted = append(noted, e.Text)
			}
		}
		if !slices.Equal(noted, []string{"sms agreed", "sms taken back"}) {
			k.t.Errorf("in the case stands %q", noted)
		}
	}},
	{"mail is agreed to by sending an address, across a restart", Capabilities{}, func(k *talk) {
		number, _ := k.lodge()
		k.say("在哪儿通知我")
		k.hears("邮件没有开")
		k.press("也发邮件")
		k.hears("邮箱地址发给我")
		k.settle()
		k.restart()
		k.say("lan@mail.example.cn")
		k.hears(`发邮件到 l\*\*\*@mail.example.cn`)
		k.office(number, "派人去看了")
		k.toldBesides("mail 信访件 " + number + " 有新进展\nhttps://xf.example.cn/c/" + number)
		k.say("/told")
		k.hears("同意的")
		k.press("不再发邮件")
		k.hears("不再给您发邮件")
	}},
	{"a consent delivered again is one", Capabilities{Again: true, Buttons: true}, func(k *talk) {
		k.say(story + "。打我电话13900001234")
		k.hears("我读到的是")
		number, _ := k.submit()
		k.press("有新进展也发短信告诉我")
		k.hears("发短信到")
		k.repeat()
		k.office(number, "派人去看了")
		k.toldBesides("sms 信访件 " + number + " 有新进展")
	}},
	{"rights are asked", Capabilities{}, func(k *talk) { k.say("我的权利"); k.hears("条例|权利") }},
	{"help is asked", Capabilities{}, func(k *talk) { k.say("/help"); k.hears(".") }},
	{"another language", Capabilities{}, func(k *talk) { k.say("English"); k.hears("[a-z]{3}") }},
	{"a button of an old message", Capabilities{Buttons: true}, func(k *talk) {
		k.tell()
		k.submit()
		k.press("提交")
		k.settle()
		k.one()
	}},
	{"submit is pressed twice", Capabilities{}, func(k *talk) {
		k.tell()
		k.press("提交")
		if k.can.Buttons {
			k.press("提交")
		}
		k.ticket()
		k.settle()
		k.one()
	}},
	{"a long text is kept whole", Capabilities{}, func(k *talk) {
		end := "最后一句：请把路修好"
		text := story + strings.Repeat("，还有一段路也不好走", (min(k.can.MaxIn, 4000)-200)/10) + end
		k.say(text)
		k.hears("我读到的是")
		k.submit()
		if facts := k.one().Facts; !strings.HasSuffix(facts, end) {
			k.t.Errorf("%d characters are on record, ending in %q", len([]rune(facts)), facts[max(0, len(facts)-60):])
		}
	}},
	{"a text that the client splits is one story", Capabilities{}, func(k *talk) {
		part := min(k.can.MaxIn, 4096)
		first := story + strings.Repeat("，那段路也不好走", (part-len([]rune(story)))/8)
		k.say(first)
		k.say("，二组的水渠也堵了，浇不上水")
		k.hears("我读到的是")
		k.hears("您的话后面|我读到的是")
		k.submit()
		facts := k.one().Facts
		k.inOrder(facts, "拖拉机过不去", "水渠也堵了")
		if part == 4096 && strings.Contains(facts, "\n") {
			k.t.Errorf("there is a line end where the client split")
		}
	}},
	{"our long answers come whole", Capabilities{}, func(k *talk) {
		k.say("/mydata")
		for _, m := range []Message{k.hears(".")} {
			if n := len([]rune(m.Text)); n > k.can.MaxOut {
				k.t.Errorf("a message of %d characters", n)
			}
		}
	}},
	{"the receipt is a picture", Capabilities{Pictures: true}, func(k *talk) {
		k.tell()
		k.press("提交")
		if !k.hears("登记好了").Picture {
			k.t.Error("no picture")
		}
	}},
	{"a photo begins the story", Capabilities{Files: true}, func(k *talk) {
		k.send(photo(""))
		k.hears("收下了")
		k.say(story)
		k.hears("我读到的是")
		k.submit()
		k.files(1)
	}},
	{"a photo with words is a story", Capabilities{Files: true, Captions: true}, func(k *talk) {
		k.send(photo(story))
		k.hears("我读到的是")
		k.submit()
		k.files(1)
		k.inOrder(k.one().Facts, "拖拉机过不去")
	}},
	{"a photo at the card", Capabilities{Files: true}, func(k *talk) {
		k.tell()
		k.send(photo(""))
		k.hears("附件：1 个|收下了")
		k.submit()
		k.files(1)
	}},
	{"a photo as a supplement", Capabilities{Files: true}, func(k *talk) {
		k.lodge()
		k.press("补充")
		k.hears("补充什么")
		k.send(photo(""))
		k.hears("接着发|按［发送］")
		k.press("发送")
		k.hears("补充上去了")
		k.settle()
		if v := k.one(); len(v.Files) != 1 {
			k.t.Errorf("%d files are on record", len(v.Files))
		}
	}},
	{"a document without a kind", Capabilities{Documents: true}, func(k *talk) {
		k.tell()
		k.send(File{Name: "", Kind: "document", Body: picture()})
		k.hears("附件：1 个|收下了")
		k.submit()
		k.files(1)
	}},
	{"a file that is no evidence", Capabilities{Documents: true}, func(k *talk) {
		k.tell()
		k.send(File{Name: "x.exe", Kind: "document", Body: []byte("MZ\x90\x00this is a program")})
		k.hears("没收下来|收不了|没有收")
	}},
	{"an album, its words first", Capabilities{Files: true, Albums: true, Captions: true}, albumWith(0)},
	{"an album, its words in the middle", Capabilities{Files: true, Albums: true, Captions: true}, albumWith(1)},
	{"an album, its words last", Capabilities{Files: true, Albums: true, Captions: true}, albumWith(2)},
	{"an album without words", Capabilities{Files: true, Albums: true}, func(k *talk) {
		k.send(photo(""), photo(""), photo(""))
		k.hears("收下了")
		k.say(story)
		k.hears("我读到的是")
		k.submit()
		k.files(3)
	}},
	{"a place is shared", Capabilities{Locations: true}, func(k *talk) {
		k.locate(33.68, 109.11)
		k.hears(".")
		k.say(story)
		k.hears("我读到的是")
		k.submit()
		if p := k.one().Place; p.Lat == 0 {
			k.t.Errorf("the place is %+v", p)
		}
	}},
	{"a card is shared", Capabilities{Contacts: true}, func(k *talk) {
		k.tell()
		k.must("share", k.Share("周大山", "13800001234"))
		k.hears(".")
		k.submit()
	}},
	{"the story is changed before it is lodged", Capabilities{Edits: true}, func(k *talk) {
		k.tell()
		k.edit("下梁镇二组的桥断了，过不去车，请派人来修")
		k.hears("换上了")
		k.submit()
		if facts := k.one().Facts; !strings.Contains(facts, "桥断了") || strings.Contains(facts, "拖拉机") {
			k.t.Errorf("on record is %q", facts)
		}
	}},
	{"words are put under a photo", Capabilities{Edits: true, Files: true, Captions: true}, func(k *talk) {
		k.send(photo(""))
		k.hears("收下了")
		k.edit(story)
		k.hears("我读到的是|照片旁边的字")
		k.say("/new")
		k.hears(".")
	}},
	{"the story is changed after it was lodged", Capabilities{Edits: true}, func(k *talk) {
		k.lodge()
		k.edit("下梁镇二组的桥断了")
		k.hears("不会跟着变")
		k.inOrder(k.one().Facts, "拖拉机过不去")
	}},
	{"the network delivers the story twice", Capabilities{Again: true}, func(k *talk) {
		k.tell()
		k.repeat()
		k.hearsTimes("我读到的是", 1)
		k.submit()
		k.inOrder(k.one().Facts, "拖拉机过不去")
	}},
	{"the network delivers submit twice", Capabilities{Again: true}, func(k *talk) {
		k.lodge()
		k.repeat()
		k.hearsTimes("登记好了", 1)
		k.one()
	}},
	{"the store is away for a moment", Capabilities{Again: true}, func(k *talk) {
		k.inbox.refuse.Store(2)
		k.tell()
		k.submit()
		k.inOrder(k.one().Facts, "拖拉机过不去")
	}},
	{"a restart after the story", Capabilities{}, func(k *talk) {
		k.tell()
		k.restart()
		if !k.can.Buttons { // what was shown before is not on this screen
			k.say("继续")
			k.hears(".")
		}
		k.press("提交")
		k.ticket()
		k.one()
	}},
	{"a restart while the number is awaited", Capabilities{Pushes: true}, func(k *talk) {
		k.tell()
		k.cases.away.Store(true)
		k.press("提交")
		k.hears("编号")
		k.restart()
		k.cases.away.Store(false)
		k.ticket()
		k.one()
	}},
	{"the case service is away", Capabilities{Pushes: true}, func(k *talk) {
		k.tell()
		k.cases.away.Store(true)
		k.press("提交")
		k.hears("编号")
		k.cases.away.Store(false)
		k.ticket()
		k.one()
	}},
	{"the network fails for a while", Capabilities{Refuses: true}, refusedBy(Broken)},
	{"the network says wait", Capabilities{Refuses: true}, refusedBy(Busy)},
	{"one message is refused", Capabilities{Refuses: true}, func(k *talk) {
		mend := k.net.Refuse(Unknown)
		defer mend()
		k.say("您好")
		k.settle()
		mend()
		k.tell()
		k.submit()
	}},
	{"the chat is closed while the receipt is sent", Capabilities{Blocks: true}, func(k *talk) {
		k.tell()
		mend := k.net.Refuse(Closed)
		k.press("提交")
		for end := time.Now().Add(patience); len(k.filed()) == 0 || k.run.Metrics().Gone.Load() == 0; time.Sleep(5 * time.Millisecond) {
			if time.Now().After(end) {
				k.t.Fatal("never filed")
			}
		}
		mend()
		k.say("/my")
		number, _ := k.ticket()
		k.hears(number)
		k.one()
	}},
	{"a step of the office is told", Capabilities{Pushes: true}, func(k *talk) {
		number, _ := k.lodge()
		clerk := petition.Actor{Staff: "petition-1", Unit: "petition", Roles: []petition.Role{petition.Intake}}
		_, err := k.cases.Do(context.Background(), clerk, number, petition.Move{Key: "k1", Name: petition.MoveTransfer, Unit: "transport"})
		k.must("transfer", err)
		k.run.Wake()
		k.hears(number)
	}},
	{"a stranger sees nothing of it", Capabilities{}, func(k *talk) {
		number, _ := k.lodge()
		if v, err := k.cases.Look(context.Background(), petition.Actor{Owner: "x:1", Asker: "x:1"}, number, ""); err == nil {
			k.t.Errorf("a stranger read %+v", v)
		}
	}},
}

func albumWith(caption int) func(k *talk) {
	return func(k *talk) {
		files := []File{photo(""), photo(""), photo("")}
		files[caption].Caption = story
		k.send(files...)
		k.hears("我读到的是")
		k.submit()
		k.files(3)
		k.inOrder(k.one().Facts, "拖拉机过不去")
	}
}

func refusedBy(how Refusal) func(k *talk) {
	return func(k *talk) {
		mend := k.net.Refuse(how)
		k.say(story)
		for end := time.Now().Add(patience); k.run.Metrics().Retries.Load() == 0; time.Sleep(5 * time.Millisecond) {
			if time.Now().After(end) {
				k.t.Fatal("nothing was refused")
			}
		}
		mend()
		k.hears("我读到的是")
		k.submit()
		k.hearsTimes("登记好了", 1)
		k.one()
	}
}

// files holds how many files the only petition has.
func (k *talk) files(want int) {
	k.t.Helper()
	k.settle()
	if v := k.one(); len(v.Files) != want {
		k.t.Errorf("%d files are on record, want %d", len(v.Files), want)
	}
}
