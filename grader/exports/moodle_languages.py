"""Titles of Moodle's grading worksheet in the languages with most users.

Moodle writes the worksheet in the language of the user who downloads it, and reads it back only in that language. The
texts are those of Moodle's language packs 3.1 to 4.5 (`assign.php`, and `moodle.php` for the name, grade and "No"); the
title and word of the newest version come first. Brazilian Portuguese is of a pack of an unknown version.
"""

# ruff: noqa: RUF001 - letters that look like others are meant

from __future__ import annotations

from typing import NamedTuple

from grader.exports.roster import same_title

AMOUNT = "{$a}"  # stands for an amount of time in Moodle's texts


class Language(NamedTuple):
    """Texts of one language. Each field with several texts has those of several versions of Moodle."""

    name: str  # in English, for messages
    identifier: tuple[str, ...]
    status: tuple[str, ...]
    group: tuple[str, ...]
    grade: tuple[str, ...]
    maximum: tuple[str, ...]
    scale: tuple[str, ...]
    changeable: tuple[str, ...]
    submitted: tuple[str, ...]  # Last modified (submission)
    modified: tuple[str, ...]  # Last modified (grade)
    no: tuple[str, ...]  # in the column `changeable`: the grade is locked
    participant: tuple[str, ...]  # before the number of a student
    draft: tuple[str, ...]  # status of a submission that was never handed in
    nothing: tuple[str, ...]  # status without a submission
    late: tuple[str, ...]  # part of the status of a late submission

    def is_draft(self, status: str) -> bool:
        """Return whether a cell of the column Status says that the submission is a draft."""
        return status.split(" - ")[0].strip() in self.draft

    def is_nothing(self, status: str) -> bool:
        """Return whether a cell of the column Status says that nothing was handed in."""
        return status.split(" - ")[0].strip() in self.nothing

    def is_late(self, status: str) -> bool:
        """Return whether a cell of the column Status says that the submission was late."""
        return any(_has_amount(part.strip(), text) for part in status.split(" - ")[1:] for text in self.late)


LANGUAGES = (
    Language(
        "English",
        identifier=("Identifier",),
        status=("Status",),
        group=("Group",),
        grade=("Grade",),
        maximum=("Maximum grade",),
        scale=("Scale",),
        changeable=("Grade can be changed",),
        submitted=("Last modified (submission)",),
        modified=("Last modified (grade)",),
        no=("No",),
        participant=("Participant",),
        draft=("Draft (not submitted)",),
        nothing=("No submission",),
        late=("{$a} late",),
    ),
    Language(
        "German",
        identifier=("ID",),
        status=("Status",),
        group=("Gruppe",),
        grade=("Bewertung",),
        maximum=("Bestwertung",),
        scale=("Skala",),
        changeable=("Bewertung kann geändert werden",),
        submitted=("Zuletzt geändert (Abgabe)",),
        modified=("Zuletzt geändert (Bewertung)",),
        no=("Nein",),
        participant=("Teilnehmer/in",),
        draft=("Entwurf (nicht abgegeben)",),
        nothing=("Keine Abgabe",),
        late=("{$a} zu spät", "{$a} später"),
    ),
    Language(
        "Spanish",
        identifier=("Identificador",),
        status=("Estado",),
        group=("Grupo",),
        grade=("Calificación",),
        maximum=("Calificación máxima",),
        scale=("Escala",),
        changeable=("La calificación puede ser cambiada",),
        submitted=("Última modificación (entrega)",),
        modified=("Última modificación (calificación)",),
        no=("No",),
        participant=("Participante",),
        draft=("Borrador (no enviado)",),
        nothing=("No entregado", "Sin entrega"),
        late=("{$a} después",),
    ),
    Language(
        "French",
        identifier=("Identifiant",),
        status=("Statut",),
        group=("Groupe",),
        grade=("Note",),
        maximum=("Note maximale",),
        scale=("Barème",),
        changeable=("La note peut être modifiée",),
        submitted=("Dernière modification (travail remis)",),
        modified=("Dernière modification (note)",),
        no=("Non",),
        participant=("Participant",),
        draft=("Brouillon (non remis)",),
        nothing=("Non remis", "Pas de travail remis", "Aucun travail remis"),
        late=("En retard de {$a}",),
    ),
    Language(
        "Italian",
        identifier=("Identificativo",),
        status=("Stato",),
        group=("Gruppo",),
        grade=("Valutazione",),
        maximum=("Valutazione massima",),
        scale=("Scala",),
        changeable=("La valutazione può essere cambiata",),
        submitted=("Ultima modifica (consegna)",),
        modified=("Ultima modifica (valutazione)",),
        no=("No",),
        participant=("Partecipante",),
        draft=("Bozza (non consegnato)",),
        nothing=("Nessuna consegna",),
        late=("{$a} in ritardo",),
    ),
    Language(
        "Dutch",
        identifier=("Identificatie",),
        status=("Status",),
        group=("Groep",),
        grade=("Cijfer",),
        maximum=("Maximaal cijfer",),
        scale=("Schaal",),
        changeable=("Het cijfer kan gewijzigd worden",),
        submitted=("Laatst gewijzigd (inzending)",),
        modified=("Laatst gewijzigd (beoordeling)",),
        no=("Nee",),
        participant=("Deelnemer",),
        draft=("Concept (nog niet ingestuurd)", "Kladwerk (nog niet ingestuurd)"),
        nothing=("Geen inzending", "Geen ingestuurde opdracht"),
        late=("{$a} laat",),
    ),
    Language(
        "Portuguese",
        identifier=("Identificador", "Número de identificação"),
        status=("Estado",),
        group=("Grupo",),
        grade=("Avaliação",),
        maximum=("Nota máxima",),
        scale=("Escala",),
        changeable=("A nota pode ser alterada.",),
        submitted=("Última atualização (submissão)",),
        modified=("Última atualização (avaliação)",),
        no=("Não",),
        participant=("Participante",),
        draft=("Trabalho em curso (não submetido)",),
        nothing=("Nenhuma submissão", "Não submetido"),
        late=("'{$a}' atrasado", "{$a} atrasado"),
    ),
    Language(
        "Brazilian Portuguese",
        identifier=("Identificador",),
        status=("Status",),
        group=("Grupo",),
        grade=("Nota",),
        maximum=("Nota máxima",),
        scale=("Escala",),
        changeable=("Nota pode ser alterada",),
        submitted=("Última modificação (envio)",),
        modified=("Última modificação (nota)",),
        no=("Não",),
        participant=("Participante",),
        draft=("Rascunho (não enviado)",),
        nothing=("Nenhum envio",),
        late=("{$a} atrasado",),
    ),
    Language(
        "Russian",
        identifier=("Идентификатор",),
        status=("Статус",),
        group=("Группы",),
        grade=("Оценка",),
        maximum=("Максимальная оценка",),
        scale=("Шкала",),
        changeable=("Оценка может быть изменена",),
        submitted=("Последнее изменение (ответ)",),
        modified=("Последнее изменение (оценка)",),
        no=("Нет",),
        participant=("Участник",),
        draft=("Черновик (не отправлен на проверку)", "Черновик (не представлен)"),
        nothing=("Ответ не представлен", "Нет ответа на задание"),
        late=("Срок выполнения закончился {$a} назад",),
    ),
    Language(
        "Turkish",
        identifier=("Tanımlayıcı",),
        status=("Durum",),
        group=("Grup",),
        grade=("Not",),
        maximum=("Enyüksek not",),
        scale=("Ölçek",),
        changeable=("Not değiştirilebilir",),
        submitted=("Son düzenleme (gönderim)",),
        modified=("Son düzenleme (not)",),
        no=("Hayır",),
        participant=("Katılımcı",),
        draft=("Taslak (gönderilmedi)",),
        nothing=("Gönderim yok",),
        late=("{$a} sonrası",),
    ),
    Language(
        "Japanese",
        identifier=("ID",),
        status=("ステータス",),
        group=("グループ",),
        grade=("評点",),
        maximum=("最大評点",),
        scale=("評価尺度",),
        changeable=("評点変更可",),
        submitted=("最終更新日時 (提出)",),
        modified=("最終更新日時 (評定)",),
        no=("No",),
        participant=("参加者",),
        draft=("下書き (未提出)",),
        nothing=("提出なし",),
        late=("{$a} 遅く提出",),
    ),
    Language(
        "Chinese (simplified)",
        identifier=("标识符", "识别码"),
        status=("状态",),
        group=("小组", "群组"),
        grade=("成绩",),
        maximum=("最高分", "最高成绩"),
        scale=("量表",),
        changeable=("允许更改成绩",),
        submitted=("上次修改（作业）", "最后修改（学生）"),
        modified=("上次修改（评分）", "最后修改（教师）"),
        no=("否",),
        participant=("参与人", "参与者"),
        draft=("草稿（未提交）",),
        nothing=("没有作业", "没有提交的作业", "未提交"),
        late=("迟{$a}", "{$a}之后"),
    ),
)
COLUMNS = ("identifier", "status", "group", "grade", "maximum", "scale", "changeable", "submitted", "modified")
LEAST_TITLES = 4  # of a language, in a header that is called a worksheet in this language


def find_language(header: tuple[str, ...]) -> Language | None:
    """Return the language with most titles in a header; None if no language has LEAST_TITLES."""
    best = max(LANGUAGES, key=lambda language: len(_titles(language, header)))
    return best if len(_titles(best, header)) >= LEAST_TITLES else None


def _titles(language: Language, header: tuple[str, ...]) -> list[str]:
    """Return the names of the columns that a header has in this language."""
    return [
        column
        for column in COLUMNS
        if any(same_title(title, text) for title in header for text in getattr(language, column))
    ]


def _has_amount(part: str, text: str) -> bool:
    """Return whether a part of a status is `text` with an amount of time, which holds a digit, for AMOUNT."""
    before, _, after = text.partition(AMOUNT)
    inside = part[len(before) : len(part) - len(after)]
    return part.startswith(before) and part.endswith(after) and any(map(str.isdigit, inside))
