package config

import (
	"fmt"
	"strings"
	"testing"

	"metaplast/data/settings/tree"
)

// TestEncodings: a byte order mark means nothing, and other encodings are named.
func TestEncodings(t *testing.T) {
	base := Presets()[0].Text
	c, err := Parse("x.yaml", append([]byte("\xef\xbb\xbf"), base...), nil)
	if err != nil {
		t.Fatal(err)
	}
	if c.Name != Presets()[0].Name {
		t.Errorf("name %q", c.Name)
	}
	for text, want := range map[string]string{
		"\xff\xfen\x00a\x00m\x00e\x00": "x.yaml: it is in UTF-16; save it as UTF-8",
		"\xfe\xff\x00n\x00a\x00m\x00e": "x.yaml: it is in UTF-16; save it as UTF-8",
		"name: caf\xe9":                "x.yaml: not in UTF-8",
	} {
		if _, err := Parse("x.yaml", []byte(text), nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: have %v, want %s", text, err, want)
		}
	}
}

// TestLargeConfigurations: what is legal and large can be written and read again; what could not is
// refused when it is written, which is before a run begins; huge keys and paths are refused in few
// words.
func TestLargeConfigurations(t *testing.T) {
	c, err := Parse("x.yaml", Presets()[0].Text, nil)
	if err != nil {
		t.Fatal(err)
	}
	l := c.Learners[0]
	c.Learners = nil
	for i := range maxLearners {
		l.Name = fmt.Sprintf("learner_with_a_name_that_is_as_long_as_it_can_be_in_a_run_%06d", i)
		c.Learners = append(c.Learners, l)
	}
	c.Network.Hidden = make([]int, maxDepth-1)
	for i := range c.Network.Hidden {
		c.Network.Hidden[i] = maxWidth
	}
	text, err := c.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tree.Parse(text, tree.InFile("x.yaml")); err != nil {
		t.Errorf("%d bytes: %v", len(text), err)
	}
	c.Meta.Schedule.Milestones = make([]int, 1<<17)
	if _, err := c.Encode(); err == nil || !strings.Contains(err.Error(), "could not be read again") {
		t.Errorf("131072 milestones: %v", err)
	}
	long := strings.Repeat("a", 100_000)
	for _, set := range []string{long + "=1", strings.Repeat("a.", 50_000) + "a=1", "meta." + long + "=1", "name=" + long, "meta={" + long + ": 1}", long} {
		if _, err := Parse("x.yaml", Presets()[0].Text, []string{set}); err == nil || len(err.Error()) > 1000 {
			t.Errorf("--set %.20s…: %.100v…", set, err)
		}
	}
	if _, err := Parse("x.yaml", []byte(long+": 1"), nil); err == nil || len(err.Error()) > 1000 {
		t.Errorf("a long key: %.100v…", err)
	}
}
