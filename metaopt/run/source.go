package run

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"metaplast/data"
	"metaplast/data/regular"
	"metaplast/metaopt/config"
)

// dataFile records which data set a run draws its episodes from, as a data.Identity; a run whose
// episodes are made has none. It is written when the run is created, or where a run of before there was
// such a file goes on. What is found where the configuration says is compared with it whenever the run
// is opened, since another data set gives other episodes for the same seeds.
const dataFile = "data.json"

// recorded reads the record of a run's data set; nil if there is none.
func (f Folder) recorded() (*data.Identity, error) {
	text, err := regular.Read(f.Path(dataFile), MaxDocument)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	id := &data.Identity{}
	err = json.Unmarshal(text, id)
	if sum, e := hex.DecodeString(id.SHA256); err != nil || e != nil || len(sum) != 32 || id.Name == "" {
		return nil, fmt.Errorf("%s is not the record of a data set: restore it, or remove it, and the data set is taken for the one that the run was trained on", f.Path(dataFile))
	}
	return id, nil
}

// record writes the record of what a sampler was read from, if it was.
func (f Folder) record(s data.Sampler) error {
	o := data.OriginOf(s)
	if o == nil {
		if err := os.Remove(f.Path(dataFile)); !errors.Is(err, fs.ErrNotExist) {
			return err // that of a start that was cut short
		}
		return nil
	}
	text, err := EncodeJSON(o.Identity)
	if err != nil {
		return err
	}
	return f.Write(dataFile, text)
}

// recordFirst is record where there is none yet.
func (f Folder) recordFirst(s data.Sampler) error {
	if was, err := f.recorded(); was != nil || err != nil {
		return err
	}
	return f.record(s)
}

// SameData checks that a sampler was read from the data set that the run was trained on, as far as
// that is recorded. By moved people name another folder.
func (f Folder) SameData(s data.Sampler, moved string) (recorded bool, err error) {
	o := data.OriginOf(s)
	if o == nil {
		return false, nil
	}
	was, err := f.recorded()
	if was == nil {
		return false, err
	}
	if !was.Same(o.Identity) {
		return true, f.refused(OtherData, "%s was trained on another data set than %s has: %s records %s; there is %s. Restore the files, name the folder that has them by %s, or begin a new run",
			f, o.Dir, f.Path(dataFile), was, o.Identity, moved)
	}
	return true, nil
}

// Source reads what the episodes of runs are drawn from.
type Source struct {
	Dir     string            // folder of the data set, instead of task.dir; empty for that
	Moved   string            // how people name another folder, in errors; empty means by task.dir
	Sampler data.Sampler      // what has been read already; nil for nothing
	Note    func(text string) // told what is odd about the files; may be nil
}

func (i *Source) notef(format string, args ...any) {
	if i.Note != nil {
		i.Note(fmt.Sprintf(format, args...))
	}
}

// moved is how people name another folder.
func (i *Source) moved() string {
	if i.Moved == "" {
		return "task.dir"
	}
	return i.Moved
}

// Open reads what the episodes of the run in a folder are drawn from, which must be what the run was
// trained on. The task is the run's, with the folder that the data set was read from.
func (i *Source) Open(f Folder, t config.Task) (config.Task, error) {
	if i.Dir != "" {
		if !t.FromFiles() {
			return t, fmt.Errorf("%s: %s tasks read no data set: leave it out", i.moved(), t.Kind)
		}
		t.Dir = i.Dir
	}
	first := i.Sampler == nil
	if err := i.Read(t); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			err = fmt.Errorf("%w; if the data set of %s was moved, name its folder by %s", err, f, i.moved())
		}
		return t, err
	}
	recorded, err := f.SameData(i.Sampler, i.moved())
	if err == nil && first {
		i.Tell(recorded)
	}
	return t, err
}

// Read reads the images of a task, or makes them, unless that has been done.
func (i *Source) Read(t config.Task) (err error) {
	if i.Sampler == nil {
		i.Sampler, err = t.Sampler(context.Background())
	}
	return err
}

// Tell notes what is odd about the files; not again that archives are unknown, where a record says it.
func (i *Source) Tell(recorded bool) {
	o := data.OriginOf(i.Sampler)
	if o == nil {
		return
	}
	if o.Notes != nil {
		i.notef("%v", o.Notes)
	}
	if o.Archives == data.Unknown && !recorded {
		i.notef("the archives in %s are not the official ones of %s, and are taken as they are: %s", o.Dir, o.Name, o.Identity)
	}
}
