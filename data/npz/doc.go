// Package npz reads and writes NumPy .npz archives: a zip file with one .npy array per
// entry, as made by numpy.savez and numpy.savez_compressed.
//
//	W0.npy  →  "W0": shape [out,in], float64 values in C order
//
// The archives are taken to come from anywhere. Malformed, truncated or hostile input gives
// an *Error that names the file, the array and what was expected; it never panics, and it
// never makes the reader allocate much more than the archive can justify:
//
//   - the size an array declares is checked against the size of its entry before memory is
//     taken for it;
//   - the size of an entry is checked against the most that deflate can expand to, and the
//     entries together against the archive, so that overlapping entries are refused;
//   - an archive holds at most MaxElements elements, and at most those of 64 MiB or 64 times its own size.
//
// Every entry is read to its end, so that its CRC-32 is always verified.
//
// Two writes of the same arrays give the same bytes, on any machine and with any version of
// Go: entries are stored, not deflated, in the order given, dated 1980-01-01 (the zip epoch).
// numpy.load reads them; the .npy entries are byte for byte those of numpy.save.
//
// Format: NumPy Enhancement Proposal 1 and numpy.lib.format, versions 1.0, 2.0 and 3.0 in,
// 1.0 out. The header is parsed here rather than by a library: those at hand slice by the
// positions of substrings, and panic on a header that lacks them.
package npz
