//! The look of a fan site of the table age: `<font>`, paragraphs parted by `<br><br>`, the day in words beside the author.

use super::links;
use crate::demo::markup::escape;
use crate::demo::story::Story;
use crate::demo::world::World;

/// Returns the page.
pub(super) fn render(world: &World, story: &Story) -> String {
    let text: Vec<String> = story.blocks.iter().map(|block| escape(block.text())).collect();
    format!(
        r##"<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN" "http://www.w3.org/TR/html4/loose.dtd">
<html>
<head>
<title>{site}: {title}</title>
<meta http-equiv="Content-Type" content="text/html; charset=utf-8">
<script type="text/javascript">
<!--
var menu = new Array("News", "Reviews", "Cheats", "Forum"); function pop(u) {{ window.open(u, "pop", "width=400,height=300"); }}
//-->
</script>
</head>
<body bgcolor="#101030" text="#ffffff" link="#ffcc00">
<center>
<table width="780" cellpadding="0" cellspacing="0" border="0">
<tr><td colspan="3" bgcolor="#303080"><font size="6"><b>{site}</b></font><br><font size="1">{motto}</font></td></tr>
<tr><td colspan="3"><a href="/">News</a> | <a href="/reviews.php">Reviews</a> | <a href="/cheats.php">Cheats</a> | <a href="/forum/">Forum</a> |
<a href="/links.php">Links</a></td></tr>
<tr>
<td width="140" valign="top"><font size="2"><b>Hot news</b><br>
{hot}<br><b>Poll</b><br>Which console do you own?<br><input type="radio" name="p"> One<br><input type="radio" name="p"> Both<br>
<input type="radio" name="p"> None<br></font></td>
<td width="500" valign="top">
<table width="100%" cellpadding="6" border="0"><tr><td bgcolor="#202050"><font size="4"><b>{title}</b></font></td></tr>
<tr><td><font size="1">Posted by {author} on {day}</font></td></tr>
<tr><td><font size="2" face="Verdana">
{text}
<br><br></font></td></tr>
<tr><td align="right"><font size="1"><a href="javascript:pop('/mail.php')">Mail this story to a friend</a> |
<a href="/print.php?id={number}">Print</a> | 14 comments</font></td></tr></table>
</td>
<td width="140" valign="top"><img src="/banner.gif" width="120" height="600" alt="Advertisement"></td>
</tr>
<tr><td colspan="3" align="center"><font size="1">All trademarks belong to their owners. Best viewed at 1024x768.</font></td></tr>
</table>
</center>
</body>
</html>
"##,
        site = escape(story.site.name),
        motto = escape(story.site.motto),
        title = escape(story.title),
        author = escape(story.author),
        day = story.when("%B %-d, %Y"),
        number = story.when("%Y%m%d"),
        hot = links(world, &world.beside(story, 5), "&middot; ", "<br>"),
        text = text.join("\n<br><br>\n"),
    )
}
