"""Words for people: each message stands in both languages side by side."""

from __future__ import annotations

from typing import NamedTuple


class Text(NamedTuple):
    """One message in Chinese and in English."""

    zh: str
    en: str

    def say(self, lang: str = "zh") -> str:
        """Return the message in the language *lang*: English for "en", else Chinese."""
        return self.en if lang == "en" else self.zh

    def __str__(self) -> str:
        return self.zh


#: what libyaml and `json` say of bad syntax → the same for a Chinese reader, with what to do
SYNTAX = {
    "could not find expected ':'": "这一行没有“键: 值”的冒号（冒号要用半角，后面空一格）",
    "block sequence entries are not allowed in this context": "这里不能写“- ”列表；列表另起一行并缩进",
    "mapping keys are not allowed in this context": "这里不能写键；检查缩进",
    "mapping values are not allowed in this context": "这里不能再写“键: 值”；值里有“: ”时给整个值加引号，并检查缩进",
    "found character that cannot start any token": "值不能以这个字符开头；给整个值加引号",
    "found unexpected end of stream": "引号没有配对，到文件末尾也没有结束",
    "found unexpected document indicator": "引号没有配对，遇到了 --- 或 ...",
    "found unknown escape character": "双引号里的反斜杠 \\ 是转义符；改用单引号，或写成 \\\\",
    "did not find expected hexdecimal number": "\\x、\\u 后面要写十六进制数；改用单引号，或写成 \\\\",
    "found invalid Unicode character escape code": "转义 \\u 写的不是一个字符；直接写这个字符",
    "did not find expected comment or line break": "值以 > 或 | 开头表示多行文字；若是比较符号，给整个值加引号",
    "found an indentation indicator equal to 0": "值以 > 或 | 开头表示多行文字；若是比较符号，给整个值加引号",
    "found a tab character where an indentation space is expected": "缩进不能用制表符（Tab），改用空格",
    "found a tab character that violates indentation": "缩进不能用制表符（Tab），改用空格",
    "found unexpected ':'": "这里多了冒号；值里有冒号时给整个值加引号",
    "did not find expected alphabetic or numeric character": "值以 * 或 & 开头有特殊含义；给整个值加引号",
    "did not find expected node content": "这里缺一个值；检查逗号和括号",
    "did not find expected '-' indicator": "这里应当是列表的下一项“- ”；检查缩进",
    "did not find expected key": "这里应当是下一个键；检查缩进，引号后面不要再写字",
    "did not find expected ',' or ']'": "方括号 [ ] 没有配对，或两项之间缺半角逗号",
    "did not find expected ',' or '}'": "花括号 { } 没有配对，或两项之间缺半角逗号",
    "did not find expected <document start>": "文件里前后两段的写法不一致；检查缩进",
    "Expecting value": "这里缺一个值，或文字没有加双引号",
    "Expecting property name enclosed in double quotes": "这里应当是双引号括起的键；最后一项后面不写逗号",
    "Expecting ':' delimiter": "键后面缺半角冒号",
    "Expecting ',' delimiter": "两项之间缺半角逗号，或括号没有配对",
    "Extra data": "结束之后还有多余的内容",
    "Invalid control character at": "双引号里不能直接换行或写控制字符；换行写成 \\n",
    "Unterminated string starting at": "双引号没有配对",
    "Invalid \\escape": "反斜杠 \\ 是转义符；写成 \\\\",
    "Invalid \\uXXXX escape": "\\u 后面要写四位十六进制数",
    "Illegal trailing comma before end of object": "最后一项后面不写逗号",
    "Illegal trailing comma before end of array": "最后一项后面不写逗号",
}
