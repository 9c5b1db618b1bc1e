//! Tantivy without Python, behind the protocol of benchmarks/peers/program.py.
//!
//! It searches the index that the binding built. One pass collects hits, total and facet counts.

use std::io::{self, BufRead, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use tantivy::collector::{Collector, Count, SegmentCollector, TopDocs};
use tantivy::columnar::ColumnValues;
use tantivy::query::{BooleanQuery, BoostQuery, Occur, PhraseQuery, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption, Value};
use tantivy::snippet::SnippetGenerator;
use tantivy::{
    DocId, Index, IndexWriter, Score, Searcher, SegmentOrdinal, SegmentReader, TantivyDocument,
    Term,
};

type Failure = Box<dyn std::error::Error + Send + Sync>;

const FIELDS: [(&str, f32); 3] = [("lemma", 1.0), ("stem", 0.5), ("exact", 0.1)];
const HITS: usize = 10;
/// Documents whose facets are counted at once, which lets the columns decode in blocks.
const BLOCK: usize = 256;
/// Enough for a merge, which needs no memory for documents.
const MERGE_BYTES: usize = 64 << 20;

fn main() -> Result<(), Failure> {
    let mut lines = io::stdin().lock().lines();
    let mut index: Option<Peer> = None;
    while let Some(line) = lines.next() {
        let line = line?;
        match line.split_once('\t').ok_or("no argument")? {
            ("merge", folder) => println!("{}", merge(folder)?),
            ("open", folder) => {
                let start = Instant::now();
                let peer = index.insert(Peer::open(folder)?);
                let took = milliseconds(start);
                println!("{took}\t{}", peer.searcher.segment_readers().len());
            }
            (_, threads) => {
                let mut queries = Vec::new();
                for query in lines.by_ref() {
                    let query = query?;
                    if query.is_empty() {
                        break;
                    }
                    queries.push(query);
                }
                run(index.as_ref().ok_or("not open")?, &queries, threads.parse()?)?;
            }
        }
        io::stdout().flush()?;
    }
    Ok(())
}

/// Merges all segments into one; returns the seconds.
fn merge(folder: &str) -> Result<f64, Failure> {
    let start = Instant::now();
    let index = Index::open_in_dir(folder)?;
    let mut writer: IndexWriter = index.writer_with_num_threads(1, MERGE_BYTES)?;
    writer.merge(&index.searchable_segment_ids()?).wait()?;
    writer.garbage_collect_files().wait()?;
    writer.wait_merging_threads()?;
    Ok(milliseconds(start) / 1000.0)
}

fn run(peer: &Peer, queries: &[String], threads: usize) -> Result<(), Failure> {
    let (start, next) = (Instant::now(), AtomicUsize::new(0));
    let mut answers = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|_| scope.spawn(|| answer_some(peer, queries, &next)))
            .collect();
        workers
            .into_iter()
            .map(|worker| worker.join().expect("a worker panicked"))
            .collect::<Result<Vec<_>, _>>()
    })?
    .concat();
    answers.sort();
    for (_, answer) in answers {
        println!("{answer}");
    }
    println!("{}", milliseconds(start) / 1000.0);
    Ok(())
}

/// Answers queries until none is left; returns each answer with the number of its query.
fn answer_some(
    peer: &Peer,
    queries: &[String],
    next: &AtomicUsize,
) -> Result<Vec<(usize, String)>, Failure> {
    let mut answers = Vec::new();
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        let Some(query) = queries.get(number) else {
            return Ok(answers);
        };
        let start = Instant::now();
        let [total, hits, facets, passages] = peer.answer(query)?;
        let took = milliseconds(start);
        answers.push((number, format!("{took}\t{total}\t{hits}\t{facets}\t{passages}")));
    }
}

fn milliseconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1000.0
}

/// An index opened for searching.
struct Peer {
    searcher: Searcher,
    fields: [Field; 3],
    title: Field,
    body: Field,
}

impl Peer {
    fn open(folder: &str) -> Result<Self, Failure> {
        let index = Index::open_in_dir(folder)?;
        let (searcher, schema) = (index.reader()?.searcher(), index.schema());
        Ok(Self {
            searcher,
            fields: [
                schema.get_field(FIELDS[0].0)?,
                schema.get_field(FIELDS[1].0)?,
                schema.get_field(FIELDS[2].0)?,
            ],
            title: schema.get_field("title")?,
            body: schema.get_field("body")?,
        })
    }

    /// Returns total, hits, facets and passages.
    fn answer(&self, line: &str) -> Result<[usize; 4], Failure> {
        let cells: Vec<&str> = line.split('\t').collect();
        let words: Vec<&[&str]> = cells[1..].chunks(FIELDS.len()).collect();
        let query = if cells[0] == "phrase" { self.phrase(&words) } else { self.words(&words) };
        let collectors = (TopDocs::with_limit(HITS).order_by_score(), Count, Facets);
        let (hits, total, facets) = self.searcher.search(&query, &collectors)?;
        let mut snippets = SnippetGenerator::create(&self.searcher, &self.marked(&words), self.body)?;
        // As in the binding.
        snippets.set_max_num_chars(150);
        let mut passages = 0;
        for (_, address) in &hits {
            let document: TantivyDocument = self.searcher.doc(*address)?;
            let title = document.get_first(self.title).and_then(|value| value.as_str());
            let snippet = snippets.snippet_from_doc(&document);
            passages += usize::from(title.is_some() && !snippet.fragment().is_empty());
        }
        Ok([total, hits.len(), facets, passages])
    }

    fn words(&self, words: &[&[&str]]) -> BooleanQuery {
        let all = words.iter().map(|word| (Occur::Must, self.word(word)));
        BooleanQuery::new(all.collect())
    }

    fn word(&self, word: &[&str]) -> Box<dyn Query> {
        let mut any: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        for ((field, (_, weight)), terms) in self.fields.iter().zip(FIELDS).zip(word) {
            for term in terms.split(' ') {
                let term = Term::from_field_text(*field, term);
                let query = TermQuery::new(term, IndexRecordOption::WithFreqs);
                any.push((Occur::Should, Box::new(BoostQuery::new(Box::new(query), weight))));
            }
        }
        Box::new(BooleanQuery::new(any))
    }

    fn phrase(&self, words: &[&[&str]]) -> BooleanQuery {
        let in_field = |(number, field): (usize, &Field)| -> (Occur, Box<dyn Query>) {
            let first_terms = words.iter().map(|word| {
                let term = word[number].split(' ').next().unwrap_or_default();
                Term::from_field_text(*field, term)
            });
            (Occur::Should, Box::new(PhraseQuery::new(first_terms.collect())))
        };
        BooleanQuery::new(self.fields.iter().enumerate().map(in_field).collect())
    }

    /// Returns what a passage marks: the words as they are written.
    fn marked(&self, words: &[&[&str]]) -> BooleanQuery {
        let terms = words.iter().flat_map(|word| word[FIELDS.len() - 1].split(' '));
        let any = terms.map(|term| -> (Occur, Box<dyn Query>) {
            let term = Term::from_field_text(self.body, term);
            (Occur::Should, Box::new(TermQuery::new(term, IndexRecordOption::Basic)))
        });
        BooleanQuery::new(any.collect())
    }
}

/// Counts the hits by ministry, language and year; its result is the number of facets with a value.
struct Facets;

impl Collector for Facets {
    type Fruit = usize;
    type Child = FacetCounts;

    fn for_segment(
        &self,
        _: SegmentOrdinal,
        reader: &SegmentReader,
    ) -> tantivy::Result<FacetCounts> {
        let columns = reader.fast_fields();
        let mut values: Vec<Arc<dyn ColumnValues<u64>>> = Vec::new();
        for field in ["ministry", "language"] {
            let column = columns.str(field)?.expect("every release has it");
            values.push(column.ords().clone().first_or_default_col(0));
        }
        values.push(columns.u64("year")?.first_or_default_col(0));
        let counts = values
            .iter()
            .map(|column| vec![0; (column.max_value() - column.min_value()) as usize + 1])
            .collect();
        Ok(FacetCounts { values, counts, pending: Vec::with_capacity(BLOCK) })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, segments: Vec<[bool; 3]>) -> tantivy::Result<usize> {
        let is_any = |facet: &usize| segments.iter().any(|has_value| has_value[*facet]);
        Ok((0..3).filter(is_any).count())
    }
}

struct FacetCounts {
    values: Vec<Arc<dyn ColumnValues<u64>>>,
    counts: Vec<Vec<u32>>,
    pending: Vec<DocId>,
}

impl FacetCounts {
    fn count_pending(&mut self) {
        let mut block = [0; BLOCK];
        let block = &mut block[..self.pending.len()];
        for (column, counts) in self.values.iter().zip(&mut self.counts) {
            column.get_vals(&self.pending, block);
            for value in block.iter() {
                counts[(value - column.min_value()) as usize] += 1;
            }
        }
        self.pending.clear();
    }
}

impl SegmentCollector for FacetCounts {
    type Fruit = [bool; 3];

    fn collect(&mut self, document: DocId, _: Score) {
        self.pending.push(document);
        if self.pending.len() == BLOCK {
            self.count_pending();
        }
    }

    fn harvest(mut self) -> [bool; 3] {
        self.count_pending();
        std::array::from_fn(|facet| self.counts[facet].iter().any(|count| *count > 0))
    }
}
