// Package fetch brings data sets onto the machine and keeps account of them: it downloads with
// resume, installs from local files, lists, and verifies checksums.
//
// Everything is in one folder, the root (see Root), with a folder for each set:
//
//	ROOT/omniglot/images_background.zip
//	ROOT/omniglot/images_evaluation.zip.part       a download that is not complete
//	ROOT/omniglot/images_evaluation.zip.part.etag  what the server said about its version
//
// A file has its final name only after its SHA-256 has been compared, so that nothing is ever half
// installed: it is written under a name that ends in ".part" and renamed at the end.
package fetch
