package citizen

import (
	"cmp"
	"regexp"
	"strings"
	"unicode/utf8"

	"dengwen/bot"
	"dengwen/petition"
)

// Danger is a conversation of its own: help first, no form. What was said is kept as an
// urgent petition (Art 25) as soon as the person agrees or falls silent in danger; a
// petition about the matter comes afterwards, and only if they want one.

func dangerStates() map[bot.State]state {
	next := []bot.State{stateFiling, stateUnderstanding, bot.Home}
	return map[bot.State]state{
		stateDanger: {ask: askDanger, press: pressDanger, text: dangerText, media: dangerMedia, location: dangerPlace, form: true, sortsQuestions: true, next: next},
	}
}

// silence is how long somebody in danger may say nothing before what they said is passed on,
// in seconds.
const silence = 180

// shortAlarm is how long words may be to be taken for danger by a list of words alone; a
// longer text is read whole first.
const shortAlarm = 60

// alarmed begins the conversation where words say that life is in danger now.
func (t *step) alarmed() bool {
	if t.s.State == stateDanger || t.e.Text == "" || utf8.RuneCountInString(t.e.Text) > shortAlarm {
		return false
	}
	if d := t.s.Draft; d != nil && d.Known[knownDanger] == "no" {
		return false
	}
	kind, despair := dangerIn(t.e.Text)
	if kind == "" || seeming(t.e.Text) != "" {
		return false
	}
	t.dangerDraft()
	t.addPart(t.e.Text)
	if len(t.e.Media) > 0 {
		t.set("album", t.e.Media[0].Album) // the rest of an album gets no answer of its own
		t.evidence(t.addFiles())
	}
	if t.e.Location != nil {
		t.locate(t.e.Location)
	}
	t.endanger(kind, despair)
	return true
}

// dangerDraft is the draft that words of danger are added to. One whose number is still to
// come stays as it is.
func (t *step) dangerDraft() {
	d := t.s.Draft
	if d != nil && !d.Sent {
		return
	}
	if d != nil {
		t.storeFiled(d)
	}
	t.newDraft()
}

// knownDanger is where Draft.Known remembers that somebody said there is no danger.
const knownDanger = "danger"

// endanger opens the conversation on the draft's words. despair: somebody thinks of dying.
func (t *step) endanger(kind petition.Urgency, despair bool) {
	t.s.Draft.Filing.Urgency = kind
	t.s.Draft.Known["kind"] = "told"
	t.set("danger", "ask")
	t.set("despair", "")
	if despair {
		t.set("danger", "life")
		t.set("despair", "yes")
	}
	t.enter(stateDanger)
	t.watch()
}

// watch has silence noticed: the outcome belongs to this step of the conversation only.
func (t *step) watch() { t.do("silence", bot.Effect{Wait: silence}) }

// askDanger says what helps, for the stage the conversation is at.
func askDanger(t *step) {
	rows := [][]bot.Button{
		{t.btn("danger.button.safe", "safe"), t.btn("danger.button.help", "help")},
		{t.btn("danger.button.told", "told"), t.btn("danger.button.not", "not")},
	}
	if t.get("danger") == "safe" {
		rows = [][]bot.Button{{t.btn("danger.button.tell", "help"), t.btn("danger.button.leave", "leave")}, {t.btn("danger.button.not", "not")}}
	}
	t.say(t.text("danger."+cmp.Or(t.get("danger"), "ask")), rows...)
	t.out[len(t.out)-1].Say.Dial = t.dial()
}

// dial are the numbers a door may offer to call with one press.
func (t *step) dial() []string {
	l := t.conv.office.Lines
	if t.get("despair") != "" {
		return []string{l.Mind, "120", "110"}
	}
	return []string{"110", "119", "120", l.Mind}
}

func pressDanger(t *step, action, _ string) bool {
	switch action {
	case "safe", "told":
		t.set("danger", action)
		t.enter(stateDanger)
		if action == "told" {
			t.watch()
		}
	case "help":
		t.fileUrgent()
	case "leave":
		t.s.Draft = nil
		t.set("danger", "")
		t.home("danger.left")
	case "not":
		t.noDanger()
	default:
		return false
	}
	return true
}

// noDanger goes on with the words as with any others.
func (t *step) noDanger() {
	d := t.s.Draft
	d.Filing.Urgency = ""
	d.Known[knownDanger] = "no"
	t.set("danger", "")
	t.read()
}

// dangerText stays with what somebody says: it is kept, and answered at once.
func dangerText(t *step) bool {
	text := t.e.Text
	switch {
	case lettersIn(text) == 0:
		return false
	case safeWords.MatchString(bare(text)):
		return pressDanger(t, "safe", "")
	case helpWords.MatchString(bare(text)):
		return pressDanger(t, "help", "")
	case notWords.MatchString(bare(text)):
		return pressDanger(t, "not", "")
	}
	t.addPart(text)
	t.set("danger", "stay")
	if kind, despair := dangerIn(text); despair {
		t.s.Draft.Filing.Urgency = kind
		t.set("despair", "yes")
	}
	t.enter(stateDanger)
	t.watch()
	return true
}

var (
	safeWords = regexp.MustCompile(`^(?:我|现在|人|都|已经|暂时|没事|嗯|是的?)*(?:安全|没事|没有事|没危险|没有危险|好多了|不会做傻事|想开了)(?:了|的|吧)*$|^(?:i am|i'm|we are|yes)?,? ?safe(?: now)?$`)
	helpWords = regexp.MustCompile(`^(?:请|快|你们?|马上|赶快|赶紧|现在|就)*(?:派人|来人|来个人|来救人|救人|救命|报警|帮我报警|告诉他们)(?:来|吧|啊|呀|看看)*$|^(?:please )?(?:send (?:someone|somebody|help)|help(?: me| us)?)(?: now)?$`)
	notWords  = regexp.MustCompile(`^(?:不是|没有|我)*(?:不是这个意思|没这个意思|开玩笑|随口|打个比方|气话|说的气话|夸张|没有危险的?事)(?:说说|的|了|而已)*$|^(?:i did not mean that|just kidding|not literally)$`)
)

func dangerMedia(t *step) bool {
	t.evidence(t.addFiles())
	if t.e.Text != "" {
		return dangerText(t)
	}
	t.set("danger", "stay")
	t.enter(stateDanger)
	t.watch()
	return true
}

func dangerPlace(t *step) bool {
	t.locate(t.e.Location)
	t.set("danger", "stay")
	t.enter(stateDanger)
	t.watch()
	return true
}

// silent passes on what somebody said who has fallen silent in danger.
func (t *step) silent(tag string) {
	if t.s.State != stateDanger || t.s.Draft == nil || tag != itoa(t.s.Step) || t.get("danger") == "safe" {
		return
	}
	t.note("danger.silent")
	t.fileUrgent()
}

// fileUrgent lodges what was said, as it is: the office is told now.
func (t *step) fileUrgent() {
	d := t.s.Draft
	switch {
	case d.Filing.Class != "":
	case doubtfulReport(d.Reading): // sealed until somebody named for reports has sorted it (Art 30)
		d.Filing.Class = petition.Report
	default:
		d.Filing.Class = petition.Claim
	}
	d.Known[string(stateClass)] = "told"
	t.factsWithoutReader()
	t.set("danger", "")
	t.send()
	t.flush()
}

// alarms are words of danger to life, now, by what the danger is. A false alarm costs a press.
var alarms = []struct {
	kind    petition.Urgency
	despair bool // of one's own life
	words   []string
}{
	{petition.UrgentLife, true, strings.Fields(`不想活 想死 自杀 轻生 跳楼 跳河 跳下去 跳崖 喝农药 喝了农药 喝了药 准备好农药 割腕 割脉 上吊 遗书 安眠药 栏杆外 要死在 死给你 活着没意思 活不下去 不如死了 死了算了 一了百了 寻短见 想不开 没有活路 不想再活`)},
	{petition.UrgentFire, false, strings.Fields(`着火 起火了 失火了 煤气泄漏 煤气漏 漏煤气 罐漏气 燃气泄漏 煤气中毒 一氧化碳 冒浓烟 火快到 触电`)},
	{petition.UrgentViolence, false, strings.Fields(`要杀人 要杀我 杀了我 砍人 持刀 拿刀 拿着刀 菜刀 追着我 正在打 在打老婆 在打我 我被打了 关在屋 锁在屋 不让我们走 被绑 绑架 捅人 捅了 弄死我 弄死他 弄死你`)},
	{petition.UrgentGround, false, strings.Fields(`往下滚 还没撤 没有撤 坝在渗 坝渗水 马上要塌 快塌了 被埋 埋在下面 压在下面 冒顶 裂了一道大缝 裂了大缝 还在下面 断粮`)},
	{petition.UrgentPoison, false, strings.Fields(`都拉肚子 都中毒 食物中毒 集体中毒 都在吐`)},
	{petition.UrgentLife, false, strings.Fields(`快没命 救命 被困 困在 掉井 掉进井 掉河 掉进河 掉到河 落水 溺水 不出气 没气了 没有呼吸 没呼吸 叫不醒 昏迷 昏过去 吐血 大出血 流血不止 都是血 走丢
里面还有人 里面有人 里面有两个人 窗口喊 血止不住 止不住血 要生了 夹在车 卡在车 卡在电梯 电梯卡在 心口疼 胸口疼 喘不上气`)},
	{petition.UrgentLife, true, english("kill myself, suicide, want to die, don't want to live, do not want to live, end my life, better off dead")},
	{petition.UrgentFire, false, english("on fire, a fire in, gas leak")},
	{petition.UrgentViolence, false, english("beating me, beats me now, with a knife, with an axe, has an axe, going to kill")},
	{petition.UrgentGround, false, english("on the roof, river is rising, landslide")},
	{petition.UrgentLife, false, english("trapped, drowning, bleeding, unconscious, fainted, people are under, buried under, strong smell of gas, smells of gas, not breathing, people are inside, help me now, fell into the river, cannot breathe, can't breathe, chest pain, drank pesticide, drank the pesticide, swallowed the pills")},
}

func english(words string) []string { return strings.Split(words, ", ") }

// figures of speech and things past that hold such a word.
var notDanger = strings.NewReplacer("救命钱", "", "救命恩", "", "救命稻草", "", "防溺水", "", "跳楼价", "", "着火点", "", "去年着火", "", "前年着火", "",
	"打农药", "", "喷农药", "", "困在家里没事", "")

// ofOthers is who it is, before words of despair, where it is not the writer.
var ofOthers = regexp.MustCompile(`(?:有个?人|他|她|邻居|隔壁|我(?:的|家)?(?:妈|爸|娃|儿|女|哥|姐|弟|妹|媳妇|老婆|老公|男人|老汉|老伴|婆婆|公公|孙|同学|同事|朋友))[^，,。；;我]{0,12}$`)

var pastDanger = regexp.MustCompile(`(?:去年|前年|以前|上次|前些年|小时候|那年|曾经|之前|出过|有过).{0,14}$`)

// dangerIn is the danger a text tells of; "" is none. despair: it is the writer's own life.
func dangerIn(text string) (kind petition.Urgency, despair bool) {
	s := notDanger.Replace(strings.ToLower(text))
	for _, a := range alarms {
		for _, w := range a.words {
			if i := strings.Index(s, w); i >= 0 && (a.despair || !pastDanger.MatchString(s[:i])) {
				return a.kind, a.despair && !ofOthers.MatchString(s[:i])
			}
		}
	}
	return "", false
}
