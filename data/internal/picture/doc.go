// Package picture decodes image files that nobody vouches for and scales them down.
package picture
