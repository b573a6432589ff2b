package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/urfave/cli/v2"

	"metaplast/cmd/metaplast/completion"
	"metaplast/cmd/metaplast/invocation"
	"metaplast/data/fetch"
	"metaplast/metaopt"
)

func dataCommand(u *ui) *cli.Command {
	root := &cli.StringFlag{Name: "root", DefaultText: "$METAPLAST_CACHE, else the user's cache directory", Usage: "keep data sets in `DIR`"}
	return &cli.Command{
		Name: "data", Usage: "fetch, list and verify data sets",
		Subcommands: []*cli.Command{
			{
				Name: "fetch", Usage: "install a data set, from its official source or from files", ArgsUsage: "SET",
				Description: "A download that was interrupted goes on where it stopped. Checksums are compared before\n" +
					"anything is installed.",
				Flags: []cli.Flag{
					&cli.StringSliceFlag{Name: "from", Usage: "install from `FILE` or a folder instead of downloading"}, root,
				},
				BashComplete: completion.Of(setNames),
				Action:       func(c *cli.Context) error { return dataFetch(u, c) },
				OnUsageError: usageError,
			},
			{
				Name: "list", Usage: "tell which data sets there are, and what is installed", Flags: []cli.Flag{root, flagJSON()},
				Action:       func(c *cli.Context) error { return dataStatus(u, c, false) },
				OnUsageError: usageError,
			},
			{
				Name: "verify", Usage: "compare the checksums of what is installed", ArgsUsage: "[SET]",
				Description:  "Exit code 1 if a file is not what it should be.",
				Flags:        []cli.Flag{root, flagJSON()},
				BashComplete: completion.Of(setNames),
				Action:       func(c *cli.Context) error { return dataStatus(u, c, true) },
				OnUsageError: usageError,
			},
		},
		Action: func(c *cli.Context) error {
			if name := c.Args().First(); name != "" {
				return usagef("data: unknown command %q: want fetch, list or verify", name)
			}
			return cli.ShowSubcommandHelp(c)
		},
	}
}

func setNames() []string {
	var names []string
	for _, s := range fetch.Sets() {
		names = append(names, s.Name)
	}
	return names
}

func dataFetch(u *ui, c *cli.Context) error {
	if err := exactly(c, 1, 1, "the name of one data set"); err != nil {
		return err
	}
	set, err := fetch.Lookup(c.Args().First())
	if err != nil {
		return badInput(err)
	}
	tenth := map[string]int64{}
	f := fetch.Fetcher{Root: c.String("root"), Progress: func(p fetch.Progress) {
		if p.Total > 0 && 10*p.Done/p.Total > tenth[p.File] {
			tenth[p.File] = 10 * p.Done / p.Total
			u.notef("%s: %d %% of %.1f MB", p.File, 10*tenth[p.File], float64(p.Total)/1e6)
		}
	}}
	ctx, release := untilSignal(func() { u.notef("stopping; what has arrived is kept") })
	defer release()
	if from := c.StringSlice("from"); len(from) > 0 {
		err = f.Install(ctx, set, from...)
	} else {
		err = f.Fetch(ctx, set)
	}
	switch {
	case ctx.Err() != nil:
		return errors.Join(metaopt.ErrInterrupted, fmt.Errorf("go on with: %s", invocation.Command("data", "fetch", set.Name)))
	case errors.Is(err, fetch.ErrChecksum), errors.Is(err, fetch.ErrMissing), errors.Is(err, fetch.ErrManual), errors.Is(err, fs.ErrNotExist):
		return badInput(err)
	case err != nil:
		return err
	}
	return dataTable(u, f, false, set)
}

func dataStatus(u *ui, c *cli.Context, verify bool) error {
	if err := exactly(c, 0, 1, "at most one data set"); err != nil {
		return err
	}
	sets := fetch.Sets()
	if name := c.Args().First(); name != "" {
		set, err := fetch.Lookup(name)
		if err != nil {
			return badInput(err)
		}
		sets = []fetch.Set{set}
	}
	f := fetch.Fetcher{Root: c.String("root")}
	if c.Bool("json") {
		all, err := f.Statuses(context.Background(), verify, sets)
		if err != nil {
			return err
		}
		return errors.Join(u.json(all), corrupt(all))
	}
	return dataTable(u, f, verify, sets...)
}

// corrupt is an error if a file is not what it should be.
func corrupt(all []fetch.Status) error {
	for _, s := range all {
		if s.State == fetch.Corrupt {
			return fmt.Errorf("%s is not what it should be: %s installs it again", s.Path, invocation.Command("data", "fetch", s.Set))
		}
	}
	return nil
}

// dataTable prints the state of data sets.
func dataTable(u *ui, f fetch.Fetcher, verify bool, sets ...fetch.Set) error {
	all, err := f.Statuses(context.Background(), verify, sets)
	if err != nil {
		return err
	}
	return errors.Join(u.print(fetch.Table(sets, all)), corrupt(all))
}
