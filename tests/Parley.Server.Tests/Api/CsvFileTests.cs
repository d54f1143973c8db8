using System.Text;
using CsCheck;
using Parley.Protocol;
using Parley.Server.Api;

namespace Parley.Server.Tests.Api;

public sealed class CsvFileTests
{
    private static readonly DateTimeOffset Start = new(2026, 5, 4, 9, 30, 0, TimeSpan.FromHours(2));

    [Fact]
    public void Attendance_and_chat_are_lines_under_their_names()
    {
        var record = new MeetingRecord(
            "a", "Weekly", "Ada", Start, null, null, null, MeetingMode.Server, [],
            [new("p1", "Ada", Start, Start.AddSeconds(90.5), LeaveReason.ConnectionLost), new("p2", "Grüße", Start, null, null)],
            [new("m1", "p1", "Ada", "one,\n\"two\"", Start)]);

        Assert.Equal(
            "\uFEFFparticipantId,name,joinedAt,leftAt,leaveReason,seconds\r\n"
            + "p1,Ada,2026-05-04T07:30:00.000Z,2026-05-04T07:31:30.500Z,connectionLost,90\r\n"
            + "p2,Grüße,2026-05-04T07:30:00.000Z,,,\r\n",
            Encoding.UTF8.GetString(CsvFile.Attendance(record)));
        Assert.Equal(
            "\uFEFFsentAt,participantId,name,text,id,to,file,deletedAt,deletedBy\r\n2026-05-04T07:30:00.000Z,p1,Ada,\"one,\n\"\"two\"\"\",m1,,,,\r\n",
            Encoding.UTF8.GetString(CsvFile.Chat(record)));
    }

    [Theory]
    [InlineData("=HYPERLINK(\"http://evil\")")]
    [InlineData("+1")]
    [InlineData("-1")]
    [InlineData("@SUM(A1)")]
    [InlineData("\t=1")]
    [InlineData("\uFF1D1")]
    public void What_a_spreadsheet_would_calculate_is_text(string hostile) =>
        Assert.Equal("'" + hostile, Assert.Single(Read(CsvFile.Write(["x"], [[hostile]]))[1]));

    [Fact]
    public void Any_text_is_read_back_as_it_was_but_for_the_guard() =>
        Gen.OneOf(Gen.String, Gen.String[Gen.Char[",\"\r\n=a"], 0, 8]).Array[3].List[0, 8].Sample(rows =>
        {
            var read = Read(CsvFile.Write(["a", "b", "c"], rows));
            Assert.Equal(rows.Count + 1, read.Count);
            foreach (var (n, row) in rows.Index()) Assert.Equal(row.Select(Utf8), read[n + 1].Zip(row, Unguarded));
        });

    private static string Unguarded(string read, string written) => read == "'" + Utf8(written) ? read[1..] : read;

    /// <summary>Half a surrogate pair, which no clean text has, cannot be written.</summary>
    private static string Utf8(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    /// <summary>As RFC 4180 §2 says.</summary>
    private static List<List<string>> Read(byte[] file)
    {
        var text = Encoding.UTF8.GetString(file)[1..];
        var (rows, row, field) = (new List<List<string>>(), new List<string>(), new StringBuilder());
        var quoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            var next = i + 1 < text.Length ? text[i + 1] : '\0';
            if (quoted && text[i] == '"' && next == '"') field.Append(text[i++]);
            else if (text[i] == '"') quoted = !quoted;
            else if (!quoted && text[i] == ',') EndField();
            else if (!quoted && text[i] == '\r' && next == '\n')
            {
                i++;
                EndField();
                rows.Add(row);
                row = [];
            }
            else field.Append(text[i]);
        }

        Assert.False(quoted);
        return rows;

        void EndField()
        {
            row.Add(field.ToString());
            field.Clear();
        }
    }
}
