//! The elements of HTML that reading a page tells apart, and how each behaves.

/// An element's name. What is told apart nowhere is `Other`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tag {
    A,
    Address,
    Article,
    Aside,
    Audio,
    B,
    Base,
    Blockquote,
    Body,
    Br,
    Button,
    Canvas,
    Caption,
    Cite,
    Code,
    Dd,
    Details,
    Dialog,
    Div,
    Dl,
    Dt,
    Em,
    Embed,
    Fieldset,
    Figcaption,
    Figure,
    Font,
    Footer,
    Form,
    Frame,
    H1,
    H2,
    H3,
    H4,
    H5,
    H6,
    Head,
    Header,
    Hr,
    Html,
    I,
    Iframe,
    Img,
    Inline,
    Input,
    Label,
    Li,
    Link,
    Main,
    Map,
    Math,
    Menu,
    Meta,
    Nav,
    Noscript,
    Object,
    Ol,
    Optgroup,
    Option,
    Other,
    P,
    Picture,
    Pre,
    Script,
    Section,
    Select,
    Source,
    Span,
    Strong,
    Style,
    Summary,
    Svg,
    Table,
    Tbody,
    Td,
    Template,
    Text,
    Textarea,
    Tfoot,
    Th,
    Thead,
    Time,
    Title,
    Tr,
    Ul,
    Video,
    Void,
    Wbr,
    Xmp,
}

use Tag::*;

impl Tag {
    /// Returns the tag of a name in any case.
    pub(super) fn named(name: &str) -> Tag {
        let mut small = [0u8; 10];
        let Some(small) = small.get_mut(..name.len()) else { return Other };
        small.copy_from_slice(name.as_bytes());
        small.make_ascii_lowercase();
        match &*small {
            b"a" => A,
            b"address" => Address,
            b"article" => Article,
            b"aside" => Aside,
            b"audio" => Audio,
            b"b" => B,
            b"base" => Base,
            b"blockquote" => Blockquote,
            b"body" => Body,
            b"br" => Br,
            b"button" => Button,
            b"canvas" => Canvas,
            b"caption" => Caption,
            b"cite" => Cite,
            b"code" => Code,
            b"dd" => Dd,
            b"details" => Details,
            b"dialog" => Dialog,
            b"div" | b"center" | b"hgroup" | b"search" => Div,
            b"dl" => Dl,
            b"dt" => Dt,
            b"em" => Em,
            b"embed" => Embed,
            b"fieldset" => Fieldset,
            b"figcaption" => Figcaption,
            b"figure" => Figure,
            b"font" => Font,
            b"footer" => Footer,
            b"form" => Form,
            b"frame" | b"frameset" => Frame,
            b"h1" => H1,
            b"h2" => H2,
            b"h3" => H3,
            b"h4" => H4,
            b"h5" => H5,
            b"h6" => H6,
            b"head" => Head,
            b"header" => Header,
            b"hr" => Hr,
            b"html" => Html,
            b"i" => I,
            b"iframe" | b"noframes" | b"noembed" => Iframe,
            b"img" => Img,
            b"input" => Input,
            b"label" | b"legend" => Label,
            b"li" => Li,
            b"link" => Link,
            b"main" => Main,
            b"map" => Map,
            b"math" => Math,
            b"menu" => Menu,
            b"meta" => Meta,
            b"nav" => Nav,
            b"noscript" => Noscript,
            b"object" | b"applet" => Object,
            b"ol" => Ol,
            b"optgroup" => Optgroup,
            b"option" => Option,
            b"p" => P,
            b"picture" => Picture,
            b"pre" | b"listing" => Pre,
            b"script" => Script,
            b"section" => Section,
            b"select" | b"datalist" => Select,
            b"source" => Source,
            b"span" => Span,
            b"strong" => Strong,
            b"style" => Style,
            b"summary" => Summary,
            b"svg" => Svg,
            b"table" => Table,
            b"tbody" => Tbody,
            b"td" => Td,
            b"template" => Template,
            b"textarea" => Textarea,
            b"tfoot" => Tfoot,
            b"th" => Th,
            b"thead" => Thead,
            b"time" => Time,
            b"title" => Title,
            b"tr" => Tr,
            b"ul" | b"dir" => Ul,
            b"video" => Video,
            b"area" | b"bgsound" | b"col" | b"keygen" | b"param" | b"track" => Void,
            b"wbr" => Wbr,
            b"xmp" | b"plaintext" => Xmp,
            b"abbr" | b"acronym" | b"bdi" | b"bdo" | b"big" | b"data" | b"del" | b"dfn" | b"ins" | b"kbd" | b"mark" | b"nobr"
            | b"q" | b"rp" | b"rt" | b"ruby" | b"s" | b"samp" | b"small" | b"strike" | b"sub" | b"sup" | b"tt" | b"u"
            | b"var" => Inline,
            _ => Other,
        }
    }

    /// Tells whether the element has no content and no end tag.
    pub(super) fn is_void(self) -> bool {
        matches!(self, Base | Br | Embed | Frame | Hr | Img | Input | Link | Meta | Source | Void | Wbr)
    }

    /// Returns the element's name if its content is text in which no tag begins.
    pub(super) fn raw_text(self) -> core::option::Option<&'static str> {
        match self {
            Script => Some("script"),
            Style => Some("style"),
            Textarea => Some("textarea"),
            Title => Some("title"),
            Iframe => Some("iframe"),
            Xmp => Some("xmp"),
            _ => None,
        }
    }

    /// Tells whether the element stands in the flow of a line of text; what is not shown does not end one (`<meta itemprop>`).
    pub(super) fn is_inline(self) -> bool {
        matches!(
            self,
            A | B
                | Cite
                | Code
                | Em
                | Font
                | I
                | Inline
                | Label
                | Link
                | Meta
                | Other
                | Span
                | Strong
                | Text
                | Time
                | Wbr
                | Img
                | Picture
                | Map
        )
    }

    /// Tells whether the element is one of those that HTML opens anew in the next block when they were not closed.
    pub(super) fn is_formatting(self) -> bool {
        matches!(self, A | B | Code | Em | Font | I | Inline | Strong)
    }

    /// Tells whether the start of the element ends an open paragraph.
    pub(super) fn ends_paragraph(self) -> bool {
        matches!(
            self,
            Address
                | Article
                | Aside
                | Blockquote
                | Details
                | Dialog
                | Div
                | Dl
                | Dd
                | Dt
                | Fieldset
                | Figcaption
                | Figure
                | Footer
                | Form
                | H1
                | H2
                | H3
                | H4
                | H5
                | H6
                | Header
                | Hr
                | Li
                | Main
                | Menu
                | Nav
                | Ol
                | P
                | Pre
                | Section
                | Summary
                | Table
                | Ul
                | Xmp
        )
    }

    /// Tells whether end tags inside the element reach nothing outside it.
    pub(super) fn is_boundary(self) -> bool {
        matches!(self, Caption | Html | Object | Table | Td | Template | Th | Svg | Math | Select)
    }

    /// Tells whether the element is a heading.
    pub(super) fn is_heading(self) -> bool {
        matches!(self, H1 | H2 | H3 | H4 | H5 | H6)
    }

    /// Tells whether nothing inside the element is text that a reader of an article sees.
    pub(super) fn is_unread(self) -> bool {
        matches!(
            self,
            Audio
                | Button
                | Canvas
                | Dialog
                | Embed
                | Head
                | Iframe
                | Map
                | Math
                | Menu
                | Nav
                | Noscript
                | Object
                | Optgroup
                | Option
                | Script
                | Select
                | Style
                | Svg
                | Template
                | Textarea
                | Title
                | Video
        )
    }
}
