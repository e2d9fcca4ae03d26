-- name: candidates
-- The judgments of others that share most marks with a text, at most eight a mark; a text of fewer marks repeats one of them.
SELECT j.id, j.answers FROM judgments AS j
JOIN (SELECT judgment_id, COUNT(*) AS shared FROM (
    SELECT * FROM (SELECT judgment_id FROM text_marks WHERE mark = :mark_0 AND person_id <> :person_id
        ORDER BY person_id DESC LIMIT 8) AS m0
    UNION ALL
    SELECT * FROM (SELECT judgment_id FROM text_marks WHERE mark = :mark_1 AND person_id <> :person_id
        ORDER BY person_id DESC LIMIT 8) AS m1
    UNION ALL
    SELECT * FROM (SELECT judgment_id FROM text_marks WHERE mark = :mark_2 AND person_id <> :person_id
        ORDER BY person_id DESC LIMIT 8) AS m2
    UNION ALL
    SELECT * FROM (SELECT judgment_id FROM text_marks WHERE mark = :mark_3 AND person_id <> :person_id
        ORDER BY person_id DESC LIMIT 8) AS m3
    UNION ALL
    SELECT * FROM (SELECT judgment_id FROM text_marks WHERE mark = :mark_4 AND person_id <> :person_id
        ORDER BY person_id DESC LIMIT 8) AS m4
    UNION ALL
    SELECT * FROM (SELECT judgment_id FROM text_marks WHERE mark = :mark_5 AND person_id <> :person_id
        ORDER BY person_id DESC LIMIT 8) AS m5
    UNION ALL
    SELECT * FROM (SELECT judgment_id FROM text_marks WHERE mark = :mark_6 AND person_id <> :person_id
        ORDER BY person_id DESC LIMIT 8) AS m6
    UNION ALL
    SELECT * FROM (SELECT judgment_id FROM text_marks WHERE mark = :mark_7 AND person_id <> :person_id
        ORDER BY person_id DESC LIMIT 8) AS m7
    UNION ALL
    SELECT * FROM (SELECT judgment_id FROM text_marks WHERE mark = :mark_8 AND person_id <> :person_id
        ORDER BY person_id DESC LIMIT 8) AS m8
    UNION ALL
    SELECT * FROM (SELECT judgment_id FROM text_marks WHERE mark = :mark_9 AND person_id <> :person_id
        ORDER BY person_id DESC LIMIT 8) AS m9
    ) AS met GROUP BY judgment_id ORDER BY shared DESC, judgment_id DESC LIMIT :most
) AS found ON found.judgment_id = j.id
ORDER BY found.shared DESC, j.id DESC;

-- name: add_marks!
INSERT INTO text_marks (mark, person_id, judgment_id) VALUES
    (:mark_0, :person_id, :judgment_id),
    (:mark_1, :person_id, :judgment_id),
    (:mark_2, :person_id, :judgment_id),
    (:mark_3, :person_id, :judgment_id),
    (:mark_4, :person_id, :judgment_id),
    (:mark_5, :person_id, :judgment_id),
    (:mark_6, :person_id, :judgment_id),
    (:mark_7, :person_id, :judgment_id),
    (:mark_8, :person_id, :judgment_id),
    (:mark_9, :person_id, :judgment_id)
ON CONFLICT (mark, person_id) DO NOTHING;

-- name: forget_marks!
DELETE FROM text_marks WHERE judgment_id = :judgment_id;

-- name: add!
INSERT INTO text_twins (judgment_id, other_judgment_id, question, project_id, similarity)
VALUES (:judgment_id, :other_judgment_id, :question, :project_id, :similarity)
ON CONFLICT (judgment_id, other_judgment_id, question) DO NOTHING;

-- name: forget!
DELETE FROM text_twins WHERE judgment_id = :judgment_id;

-- name: forget_others!
DELETE FROM text_twins WHERE other_judgment_id = :judgment_id;

-- name: of_project
-- The newest twins of a project with both judgments; whoever took their consent back is left out.
SELECT t.question, t.similarity, i.external_id AS item, o.external_id AS other_item, p.pseudonym AS student,
    q.pseudonym AS other_student, j.answers, k.answers AS other_answers
FROM text_twins AS t
JOIN judgments AS j ON j.id = t.judgment_id
JOIN judgments AS k ON k.id = t.other_judgment_id
JOIN items AS i ON i.id = j.item_id
JOIN items AS o ON o.id = k.item_id
JOIN people AS p ON p.id = j.person_id
JOIN people AS q ON q.id = k.person_id
WHERE t.project_id = :project_id
    AND (SELECT 1 FROM consents AS c WHERE c.person_id = p.id AND c.withdrawn_ms IS NULL LIMIT 1) IS NOT NULL
    AND (SELECT 1 FROM consents AS c WHERE c.person_id = q.id AND c.withdrawn_ms IS NULL LIMIT 1) IS NOT NULL
ORDER BY t.judgment_id DESC, t.similarity DESC, t.other_judgment_id DESC LIMIT :most;
