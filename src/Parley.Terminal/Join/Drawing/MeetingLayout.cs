namespace Parley.Terminal.Join.Drawing;

/// <summary>Where everything goes. Empty rectangles are not drawn.</summary>
/// <param name="IsTooSmall">Nothing fits; only a line about the size is drawn.</param>
/// <param name="Header">One line: title, people, connection, duration.</param>
/// <param name="Tiles">One per picture.</param>
/// <param name="People">Who is there: a list, or one line when it is one high.</param>
/// <param name="Chat">What was said and what happened.</param>
/// <param name="Divider">A line between the two halves, one cell wide or high.</param>
/// <param name="Input">The line typed into.</param>
/// <param name="Footer">The keys.</param>
internal sealed record MeetingLayout(
    bool IsTooSmall, Rect Header, IReadOnlyList<Rect> Tiles, Rect People, Rect Chat, Rect Divider, Rect Input, Rect Footer)
{
    /// <summary>The smallest terminal a meeting is drawn in.</summary>
    public const int LeastWidth = 40;

    /// <summary>Likewise.</summary>
    public const int LeastHeight = 12;

    /// <summary>From here on there is a column to the side.</summary>
    private const int SideFrom = 80;

    private const int SideLeast = 26;
    private const int SideMost = 46;

    /// <summary>Lays out a screen of this size.</summary>
    /// <param name="width">Cells.</param>
    /// <param name="height">Cells.</param>
    /// <param name="people">How many there are.</param>
    /// <param name="tiles">How many pictures; more than four are not placed.</param>
    public static MeetingLayout For(int width, int height, int people, int tiles)
    {
        if (width < LeastWidth || height < LeastHeight)
            return new MeetingLayout(true, default, [], default, default, default, default, default);

        var header = new Rect(0, 0, width, 1);
        var input = new Rect(0, height - 2, width, 1);
        var footer = new Rect(0, height - 1, width, 1);
        var body = new Rect(0, 1, width, height - 3);
        tiles = Math.Clamp(tiles, 0, TileGrid.Most);
        var (pictures, list, chat, divider) = width >= SideFrom ? Beside(body, people, tiles) : Below(body, tiles);
        return new MeetingLayout(false, header, TileGrid.Arrange(pictures, tiles), list, chat, divider, input, footer);
    }

    /// <summary>Pictures (or, without any, the chat) to the left, a column with the rest to the right.</summary>
    private static (Rect Pictures, Rect People, Rect Chat, Rect Divider) Beside(Rect body, int people, int tiles)
    {
        var side = Math.Clamp(body.Width * 3 / 10, SideLeast, SideMost);
        var main = body with { Width = body.Width - side - 1 };
        var divider = new Rect(main.Right, body.Y, 1, body.Height);
        var column = new Rect(divider.Right, body.Y, side, body.Height);
        if (tiles == 0) return (default, column, main, divider);

        var list = column with { Height = Math.Clamp(people + 1, 2, Math.Max(body.Height / 3, 2)) };
        return (main, list, new Rect(column.X + 1, list.Bottom, side - 1, column.Height - list.Height), divider);
    }

    /// <summary>Pictures, a line with the people, the chat: one below the other.</summary>
    private static (Rect Pictures, Rect People, Rect Chat, Rect Divider) Below(Rect body, int tiles)
    {
        var pictures = body with { Height = tiles == 0 ? 0 : body.Height * 11 / 20 };
        var people = new Rect(body.X, pictures.Bottom, body.Width, 1);
        var divider = new Rect(body.X, people.Bottom, body.Width, 1);
        return (pictures, people, new Rect(body.X, divider.Bottom, body.Width, body.Bottom - divider.Bottom), divider);
    }
}
