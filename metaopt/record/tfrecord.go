package record

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"strings"

	"google.golang.org/protobuf/encoding/protowire"
)

// The framing of TensorFlow's record files, all little-endian:
//
//	uint64  length of data
//	uint32  masked CRC-32C of those 8 bytes
//	bytes   data
//	uint32  masked CRC-32C of data
//
// The mask keeps a CRC over data that contains CRCs meaningful. Source: tensorflow,
// core/lib/io/record_writer.h and core/lib/hash/crc32c.h.
const (
	recordHead = 12
	recordTail = 4
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func maskedCRC(b []byte) uint32 {
	c := crc32.Checksum(b, castagnoli)
	return (c>>15 | c<<17) + 0xa282ead8
}

func appendRecord(b, data []byte) []byte {
	at := len(b)
	b = binary.LittleEndian.AppendUint64(b, uint64(len(data)))
	b = binary.LittleEndian.AppendUint32(b, maskedCRC(b[at:]))
	b = append(b, data...)
	return binary.LittleEndian.AppendUint32(b, maskedCRC(data))
}

// The fields of tensorflow.Event, Summary and Summary.Value (core/util/event.proto and
// core/framework/summary.proto) that are written here.
const (
	eventWallTime    protowire.Number = 1 // double, seconds since 1970
	eventStep        protowire.Number = 2 // int64
	eventFileVersion protowire.Number = 3 // string, in the first event only
	eventSummary     protowire.Number = 5 // Summary
	summaryValue     protowire.Number = 1 // repeated Value
	valueTag         protowire.Number = 1 // string
	valueSimple      protowire.Number = 2 // float
)

// fileVersion is what the first event of a file must say.
const fileVersion = "brain.Event:2"

func appendWallTime(b []byte, wall float64) []byte {
	b = protowire.AppendTag(b, eventWallTime, protowire.Fixed64Type)
	return protowire.AppendFixed64(b, math.Float64bits(wall))
}

func versionEvent(wall float64) []byte {
	b := appendWallTime(nil, wall)
	b = protowire.AppendTag(b, eventFileVersion, protowire.BytesType)
	return protowire.AppendString(b, fileVersion)
}

// scalarsEvent is the event of a record, its tags "kind/metric".
func scalarsEvent(wall float64, r Record) []byte {
	var summary, value []byte
	for _, m := range r.Metrics {
		value = protowire.AppendTag(value[:0], valueTag, protowire.BytesType)
		value = protowire.AppendString(value, r.Kind+"/"+m.Name)
		value = protowire.AppendTag(value, valueSimple, protowire.Fixed32Type)
		value = protowire.AppendFixed32(value, math.Float32bits(float32(m.Value)))
		summary = protowire.AppendTag(summary, summaryValue, protowire.BytesType)
		summary = protowire.AppendBytes(summary, value)
	}
	b := appendWallTime(nil, wall)
	b = protowire.AppendTag(b, eventStep, protowire.VarintType)
	b = protowire.AppendVarint(b, uint64(r.Step))
	b = protowire.AppendTag(b, eventSummary, protowire.BytesType)
	return protowire.AppendBytes(b, summary)
}

// keepEvents returns length and number of the records in r, size bytes long, that come before the
// first with a step beyond last and before a half-written end.
func keepEvents(path string, r *bufio.Reader, size int64, last int) (kept int64, events int, err error) {
	err = readEvents(path, r, size, func(data []byte, step int64) (bool, error) {
		if step > int64(last) {
			return false, nil
		}
		events++
		kept += recordHead + int64(len(data)) + recordTail
		return true, nil
	})
	return kept, events, err
}

// readEvents hands the events in r, size bytes long, to visit with their steps, until it returns false or an
// error, or to the end or a half-written one. visit must not keep data.
func readEvents(path string, r *bufio.Reader, size int64, visit func(data []byte, step int64) (bool, error)) error {
	var data []byte
	for at := int64(0); ; {
		fail := func(reason string) error {
			return &LogError{Path: path, Place: fmt.Sprintf("byte %d", at), Reason: reason}
		}
		rest := size - at
		if rest < recordHead+recordTail {
			return nil
		}
		var head [recordHead]byte
		if _, err := io.ReadFull(r, head[:]); err != nil {
			return err
		}
		if maskedCRC(head[:8]) != binary.LittleEndian.Uint32(head[8:]) {
			return fail("not a TensorBoard event: the checksum of the length is wrong")
		}
		n := binary.LittleEndian.Uint64(head[:])
		if n > uint64(rest-recordHead-recordTail) {
			return nil
		}
		if uint64(cap(data)) < n+recordTail {
			data = make([]byte, n+recordTail)
		}
		data = data[:n+recordTail]
		if _, err := io.ReadFull(r, data); err != nil {
			return err
		}
		if maskedCRC(data[:n]) != binary.LittleEndian.Uint32(data[n:]) {
			return fail("the checksum of the event is wrong")
		}
		step, err := eventStepOf(data[:n])
		if err != nil {
			return fail(err.Error())
		}
		if more, err := visit(data[:n], step); !more || err != nil {
			return err
		}
		at += recordHead + int64(n) + recordTail
	}
}

// eventStepOf returns the step of an event, 0 where it has none.
func eventStepOf(b []byte) (step int64, err error) {
	for len(b) > 0 {
		num, typ, n := protowire.ConsumeTag(b)
		if n < 0 {
			return 0, fmt.Errorf("not an event: %w", protowire.ParseError(n))
		}
		b = b[n:]
		if num == eventStep && typ == protowire.VarintType {
			var v uint64
			v, n = protowire.ConsumeVarint(b)
			step = int64(v)
		} else {
			n = protowire.ConsumeFieldValue(num, typ, b)
		}
		if n < 0 {
			return 0, fmt.Errorf("not an event: %w", protowire.ParseError(n))
		}
		b = b[n:]
	}
	return step, nil
}

// eventKindOf returns the kind of the record that an event is of, what stands before the slash of its
// first tag; "" where it has none. The event is one that eventStepOf has read.
func eventKindOf(b []byte) string {
	value := bytesField(bytesField(b, eventSummary), summaryValue)
	kind, _, _ := strings.Cut(string(bytesField(value, valueTag)), "/")
	return kind
}

// bytesField is the first field of this number in a message; nil if there is none.
func bytesField(b []byte, want protowire.Number) []byte {
	for len(b) > 0 {
		num, typ, n := protowire.ConsumeTag(b)
		if n < 0 {
			return nil
		}
		b = b[n:]
		if num == want && typ == protowire.BytesType {
			v, _ := protowire.ConsumeBytes(b)
			return v
		}
		if n = protowire.ConsumeFieldValue(num, typ, b); n < 0 {
			return nil
		}
		b = b[n:]
	}
	return nil
}
