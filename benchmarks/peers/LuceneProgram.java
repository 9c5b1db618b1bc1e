import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.core.WhitespaceAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.SortedDocValuesField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.SortedDocValues;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MultiCollector;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.SimpleCollector;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.TopScoreDocCollector;
import org.apache.lucene.search.uhighlight.LengthGoalBreakIterator;
import org.apache.lucene.search.uhighlight.UnifiedHighlighter;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.BytesRef;

/** Lucene behind the protocol of benchmarks/peers/program.py. */
public final class LuceneProgram {
  private static final String[] FIELDS = {"lemma", "stem", "exact", "fold"};
  private static final float[] WEIGHTS = {1.0f, 0.5f, 0.1f};
  private static final String[] COUNTED = {"ministry", "language", "year"};
  private static final Analyzer ANALYZER = new WhitespaceAnalyzer();
  private static final int PASSAGE_CHARS = 200;

  private final BufferedReader in =
      new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
  private final PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
  private IndexSearcher searcher;

  public static void main(String[] arguments) throws Exception {
    new LuceneProgram().serve();
  }

  private void serve() throws Exception {
    String line;
    while ((line = in.readLine()) != null) {
      String[] command = line.split("\t");
      switch (command[0]) {
        case "build" -> out.println(build(Path.of(command[1])));
        case "open" -> out.println(open(Path.of(command[1])));
        default -> run(Integer.parseInt(command[1]));
      }
      out.flush();
    }
  }

  /** Returns the fields of the next line, null at an empty one. */
  private String[] row() throws IOException {
    String line = in.readLine();
    return line.isEmpty() ? null : line.split("\t");
  }

  // --- Building ----------------------------------------------------------------------------------

  private double build(Path folder) throws IOException {
    IndexWriterConfig config = new IndexWriterConfig(ANALYZER);
    config.setRAMBufferSizeMB(256);
    config.setUseCompoundFile(false);
    long taken = 0;
    try (IndexWriter writer = new IndexWriter(FSDirectory.open(folder), config)) {
      String[] row;
      while ((row = row()) != null) {
        long since = System.nanoTime();
        writer.addDocument(document(row));
        taken += System.nanoTime() - since;
      }
      long since = System.nanoTime();
      writer.forceMerge(1);
      writer.commit();
      taken += System.nanoTime() - since;
    }
    return taken / 1e9;
  }

  private static Document document(String[] row) {
    Document document = new Document();
    document.add(new StringField("id", row[1], Field.Store.YES));
    document.add(new StoredField("title", row[2]));
    document.add(new StoredField("body", row[3]));
    for (int i = 0; i < COUNTED.length; i++) {
      document.add(new SortedDocValuesField(COUNTED[i], new BytesRef(row[4 + i])));
    }
    for (int i = 0; i < FIELDS.length; i++) {
      document.add(new TextField(FIELDS[i], row[4 + COUNTED.length + i], Field.Store.NO));
    }
    return document;
  }

  // --- Searching ---------------------------------------------------------------------------------

  private double open(Path folder) throws IOException {
    long since = System.nanoTime();
    searcher = new IndexSearcher(DirectoryReader.open(FSDirectory.open(folder)));
    return (System.nanoTime() - since) / 1e6;
  }

  private void run(int threads) throws Exception {
    List<String[]> asked = new ArrayList<>();
    String[] row;
    while ((row = row()) != null) {
      asked.add(row);
    }
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    long since = System.nanoTime();
    List<Future<String>> answers = new ArrayList<>();
    for (String[] one : asked) {
      answers.add(pool.submit(() -> timed(one)));
    }
    for (Future<String> answer : answers) {
      out.println(answer.get());
    }
    out.println((System.nanoTime() - since) / 1e9);
    pool.shutdown();
  }

  private String timed(String[] asked) throws IOException {
    long since = System.nanoTime();
    String counts = answer(asked);
    return (System.nanoTime() - since) / 1e6 + "\t" + counts;
  }

  /** Returns total, hits, facets and passages. */
  @SuppressWarnings("deprecation") // The newer names search several segments at once; here is one.
  private String answer(String[] asked) throws IOException {
    Query wanted = asked[0].equals("phrase") ? phrase(asked) : words(asked);
    TopScoreDocCollector best = TopScoreDocCollector.create(10, Integer.MAX_VALUE);
    Counts counts = new Counts();
    searcher.search(wanted, MultiCollector.wrap(best, counts));
    TopDocs found = best.topDocs();
    return String.join(
        "\t",
        Long.toString(found.totalHits.value),
        Integer.toString(found.scoreDocs.length),
        Integer.toString(counts.named()),
        Integer.toString(passages(asked, found)));
  }

  private int passages(String[] asked, TopDocs found) throws IOException {
    UnifiedHighlighter highlighter =
        UnifiedHighlighter.builder(searcher, ANALYZER).withBreakIterator(LuceneProgram::passage).build();
    String[] marked = highlighter.highlight("body", marked(asked), found, 1);
    StoredFields stored = searcher.storedFields();
    int passages = 0;
    for (int i = 0; i < marked.length; i++) {
      String title = stored.document(found.scoreDocs[i].doc, Set.of("title")).get("title");
      passages += marked[i] != null && !title.isEmpty() ? 1 : 0;
    }
    return passages;
  }

  private static BreakIterator passage() {
    return LengthGoalBreakIterator.createClosestToLength(
        BreakIterator.getWordInstance(Locale.ROOT), PASSAGE_CHARS, 0.5f);
  }

  /** Returns what is marked: the words as they are written. */
  private static Query marked(String[] asked) {
    BooleanQuery.Builder any = new BooleanQuery.Builder();
    for (int exact = WEIGHTS.length; exact < asked.length; exact += WEIGHTS.length) {
      for (String term : asked[exact].split(" ")) {
        any.add(new TermQuery(new Term("body", term)), BooleanClause.Occur.SHOULD);
      }
    }
    return any.build();
  }

  private static Query words(String[] asked) {
    BooleanQuery.Builder all = new BooleanQuery.Builder();
    for (int word = 1; word < asked.length; word += WEIGHTS.length) {
      BooleanQuery.Builder any = new BooleanQuery.Builder();
      for (int field = 0; field < WEIGHTS.length; field++) {
        for (String term : asked[word + field].split(" ")) {
          Query one = new TermQuery(new Term(FIELDS[field], term));
          any.add(new BoostQuery(one, WEIGHTS[field]), BooleanClause.Occur.SHOULD);
        }
      }
      all.add(any.build(), BooleanClause.Occur.MUST);
    }
    return all.build();
  }

  private static Query phrase(String[] asked) {
    BooleanQuery.Builder any = new BooleanQuery.Builder();
    for (int field = 0; field < WEIGHTS.length; field++) {
      PhraseQuery.Builder phrase = new PhraseQuery.Builder();
      for (int word = 1; word < asked.length; word += WEIGHTS.length) {
        phrase.add(new Term(FIELDS[field], asked[word + field].split(" ")[0]));
      }
      any.add(phrase.build(), BooleanClause.Occur.SHOULD);
    }
    return any.build();
  }

  /** Counts the values of the facets among the hits; the index is one segment, so ordinals are global. */
  private static final class Counts extends SimpleCollector {
    private final int[][] counts = new int[COUNTED.length][];
    private final SortedDocValues[] values = new SortedDocValues[COUNTED.length];

    @Override
    protected void doSetNextReader(LeafReaderContext context) throws IOException {
      for (int i = 0; i < COUNTED.length; i++) {
        values[i] = DocValues.getSorted(context.reader(), COUNTED[i]);
        counts[i] = new int[values[i].getValueCount()];
      }
    }

    @Override
    public void collect(int document) throws IOException {
      for (int i = 0; i < COUNTED.length; i++) {
        if (values[i].advanceExact(document)) {
          counts[i][values[i].ordValue()]++;
        }
      }
    }

    @Override
    public ScoreMode scoreMode() {
      return ScoreMode.COMPLETE_NO_SCORES;
    }

    /** Returns how many facets have any value, after naming each value that was met. */
    int named() throws IOException {
      int facets = 0;
      for (int i = 0; i < COUNTED.length; i++) {
        List<String> names = new ArrayList<>();
        for (int ordinal = 0; ordinal < counts[i].length; ordinal++) {
          if (counts[i][ordinal] > 0) {
            names.add(values[i].lookupOrd(ordinal).utf8ToString());
          }
        }
        facets += names.isEmpty() ? 0 : 1;
      }
      return facets;
    }
  }
}
