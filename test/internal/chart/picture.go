package chart

import (
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"
	"os"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

const (
	width       = 1000
	panelHeight = 200
	margin      = 24
	headHeight  = 40 // of a panel, for its title
)

var (
	ink   = color.RGBA{0x22, 0x26, 0x2e, 0xff}
	frame = color.RGBA{0xd5, 0xd9, 0xe0, 0xff}
	hole  = color.RGBA{0xfb, 0xd5, 0xd0, 0xff}
	curve = color.RGBA{0x1f, 0x6f, 0xb2, 0xff}
)

// Picture writes the panels below each other as a PNG file, holes shaded.
func Picture(path, title string, panels []Panel) error {
	face, err := newFace(17)
	if err != nil {
		return err
	}
	size := image.Rect(0, 0, width, headHeight+len(panels)*panelHeight+margin)
	canvas := image.NewRGBA(size)
	draw.Draw(canvas, size, image.White, image.Point{}, draw.Src)
	write(canvas, face, margin, 28, title)
	scale := top(panels)
	for i, p := range panels {
		y := headHeight + i*panelHeight
		write(canvas, face, margin, y+26, p.Title)
		p.draw(canvas, image.Rect(margin, y+headHeight, width-margin, y+panelHeight), scale)
	}
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := png.Encode(file, canvas); err != nil {
		_ = file.Close()
		return err
	}
	return file.Close()
}

func newFace(size float64) (font.Face, error) {
	parsed, err := opentype.Parse(goregular.TTF)
	if err != nil {
		return nil, err
	}
	return opentype.NewFace(parsed, &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingFull})
}

func write(canvas draw.Image, face font.Face, x, y int, text string) {
	drawer := font.Drawer{Dst: canvas, Src: image.NewUniform(ink), Face: face, Dot: fixed.P(x, y)}
	drawer.DrawString(text)
}

func (p Panel) draw(canvas draw.Image, area image.Rectangle, scale float64) {
	step := float64(area.Dx()) / float64(max(1, len(p.Values)-1))
	at := func(i int) (x, y float32) {
		return float32(float64(area.Min.X) + float64(i)*step),
			float32(float64(area.Max.Y) - p.Values[i]/scale*float64(area.Dy()))
	}
	for i, value := range p.Values {
		if math.IsNaN(value) {
			from := int(float64(area.Min.X) + (float64(i)-0.5)*step)
			shade := image.Rect(from, area.Min.Y, from+int(step+1), area.Max.Y).Intersect(area)
			draw.Draw(canvas, shade, image.NewUniform(hole), image.Point{}, draw.Src)
		}
	}
	line(canvas, frame, 1, float32(area.Min.X), float32(area.Max.Y), float32(area.Max.X), float32(area.Max.Y))
	for i := 1; i < len(p.Values); i++ {
		if math.IsNaN(p.Values[i-1]) || math.IsNaN(p.Values[i]) {
			continue
		}
		x0, y0 := at(i - 1)
		x1, y1 := at(i)
		line(canvas, curve, 2.5, x0, y0, x1, y1)
	}
}

// line fills the rectangle around a stretch, with smooth edges.
func line(canvas draw.Image, ink color.Color, thick, x0, y0, x1, y1 float32) {
	length := float32(math.Hypot(float64(x1-x0), float64(y1-y0)))
	if length == 0 {
		return
	}
	dx, dy := (x1-x0)/length*thick/2, (y1-y0)/length*thick/2
	size := canvas.Bounds().Size()
	r := vector.NewRasterizer(size.X, size.Y)
	r.MoveTo(x0-dx-dy, y0-dy+dx)
	r.LineTo(x1+dx-dy, y1+dy+dx)
	r.LineTo(x1+dx+dy, y1+dy-dx)
	r.LineTo(x0-dx+dy, y0-dy-dx)
	r.ClosePath()
	r.Draw(canvas, canvas.Bounds(), image.NewUniform(ink), image.Point{})
}
