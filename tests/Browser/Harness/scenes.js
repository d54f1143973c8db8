// Drawn cameras for the screenshots: three people at home. Each is (context, width, height, seconds) => void.
() => {
  'use strict';

  const rounded = (c, x, y, w, h, r, fill) => {
    c.fillStyle = fill;
    c.beginPath();
    c.roundRect(x, y, w, h, r);
    c.fill();
  };
  const oval = (c, x, y, rx, ry, fill) => {
    c.fillStyle = fill;
    c.beginPath();
    c.ellipse(x, y, rx, ry, 0, 0, Math.PI * 2);
    c.fill();
  };

  function wall(c, from, to) {
    const paint = c.createLinearGradient(0, 0, 640, 360);
    paint.addColorStop(0, from);
    paint.addColorStop(1, to);
    c.fillStyle = paint;
    c.fillRect(0, 0, 640, 360);
  }

  function windowAt(c, x, y, sky) {
    rounded(c, x - 8, y - 8, 166, 196, 6, '#f4efe6');
    const light = c.createLinearGradient(0, y, 0, y + 180);
    light.addColorStop(0, sky[0]);
    light.addColorStop(1, sky[1]);
    rounded(c, x, y, 150, 180, 3, light);
    c.save();
    c.beginPath();
    c.rect(x, y, 150, 180);
    c.clip();
    oval(c, x + 30, y + 176, 60, 40, 'rgba(66,110,86,.75)');
    oval(c, x + 118, y + 182, 56, 52, 'rgba(52,92,74,.8)');
    c.restore();
    c.fillStyle = '#f4efe6';
    c.fillRect(x + 72, y, 6, 180);
    c.fillRect(x, y + 84, 150, 6);
  }

  function shelf(c, x, y, colours) {
    rounded(c, x, y, 190, 10, 2, '#6d4c35');
    let left = x + 10;
    colours.forEach((colour, i) => {
      const width = 13 + ((i * 7) % 9);
      const height = 52 + ((i * 13) % 24);
      rounded(c, left, y - height, width, height, 2, colour);
      left += width + 3;
    });
  }

  function plant(c, x, y, sway) {
    for (let i = -3; i <= 3; i++) {
      c.save();
      c.translate(x, y);
      c.rotate(i * 0.32 + sway * 0.02);
      oval(c, 0, -52, 11, 50, i % 2 ? '#3f7d58' : '#57996d');
      c.restore();
    }
    rounded(c, x - 30, y - 6, 60, 60, 8, '#b5643c');
  }

  function lamp(c, x, y) {
    const glow = c.createRadialGradient(x, y, 8, x, y, 170);
    glow.addColorStop(0, 'rgba(255,224,160,.75)');
    glow.addColorStop(1, 'rgba(255,224,160,0)');
    c.fillStyle = glow;
    c.fillRect(x - 180, y - 180, 360, 360);
    c.fillStyle = '#f6dfae';
    c.beginPath();
    c.moveTo(x - 22, y - 30);
    c.lineTo(x + 22, y - 30);
    c.lineTo(x + 42, y + 24);
    c.lineTo(x - 42, y + 24);
    c.fill();
    rounded(c, x - 3, y + 24, 6, 160, 3, '#4b3b30');
  }

  /** Head and shoulders; breathes, sways, blinks and talks. */
  function person(c, t, look) {
    const x = 320 + Math.sin(t * 0.7 + look.phase) * 6;
    const y = 172 + Math.sin(t * 1.3 + look.phase) * 3;
    if (look.longHair) {
      rounded(c, x - 80, y - 78, 160, 210, 76, look.hair);
    }
    rounded(c, x - 150, y + 118, 300, 180, 84, look.shirt);
    rounded(c, x - 34, y + 62, 68, 84, 28, look.shade);
    c.fillStyle = look.collar;
    c.beginPath();
    c.moveTo(x - 48, y + 120);
    c.lineTo(x, y + 172);
    c.lineTo(x + 48, y + 120);
    c.lineTo(x + 30, y + 114);
    c.lineTo(x, y + 144);
    c.lineTo(x - 30, y + 114);
    c.fill();
    oval(c, x - 66, y + 8, 12, 18, look.shade);
    oval(c, x + 66, y + 8, 12, 18, look.shade);
    oval(c, x, y + 8, 66, 82, look.skin);
    // Hair over the brow.
    c.fillStyle = look.hair;
    c.beginPath();
    c.ellipse(x, y - 24, 72, 62, 0, Math.PI, 0);
    c.quadraticCurveTo(x + 54, y - 44, x + 18, y - 46);
    c.quadraticCurveTo(x - 26, y - 48, x - 72, y - 14);
    c.fill();
    const open = Math.sin(t * 0.9 + look.phase * 3) > 0.985 ? 1 : 7;
    for (const side of [-1, 1]) {
      oval(c, x + side * 25, y + 2, 6.5, open, '#2b2320');
      c.strokeStyle = look.hair;
      c.lineWidth = 5;
      c.lineCap = 'round';
      c.beginPath();
      c.moveTo(x + side * 36, y - 16);
      c.quadraticCurveTo(x + side * 26, y - 22, x + side * 15, y - 17);
      c.stroke();
      if (look.glasses) {
        c.strokeStyle = '#2f3640';
        c.lineWidth = 4;
        c.beginPath();
        c.ellipse(x + side * 26, y + 3, 21, 18, 0, 0, Math.PI * 2);
        c.moveTo(x + side * 5, y + 1);
        c.lineTo(x, y - 1);
        c.stroke();
      }
      oval(c, x + side * 38, y + 32, 13, 8, 'rgba(214,90,80,.18)');
    }
    c.strokeStyle = look.shade;
    c.lineWidth = 4;
    c.beginPath();
    c.moveTo(x + 1, y + 12);
    c.quadraticCurveTo(x + 9, y + 30, x - 2, y + 31);
    c.stroke();
    if (look.beard) {
      c.fillStyle = look.hair;
      c.beginPath();
      c.ellipse(x, y + 46, 58, 46, 0, 0, Math.PI);
      c.quadraticCurveTo(x - 30, y + 30, x, y + 38);
      c.quadraticCurveTo(x + 30, y + 30, x + 58, y + 46);
      c.fill();
    }
    const mouth = look.talks ? 4 + Math.abs(Math.sin(t * 6)) * 6 : 3;
    c.fillStyle = '#8e3b3b';
    c.beginPath();
    c.ellipse(x, y + 50, 20, mouth + 5, 0, 0, Math.PI);
    c.fill();
    rounded(c, x - 14, y + 50, 28, 4, 2, '#fff6ee');
  }

  const scaled = (draw) => (c, width, height, t) => {
    c.setTransform(width / 640, 0, 0, height / 360, 0, 0);
    draw(c, t);
  };

  return {
    study: scaled((c, t) => {
      wall(c, '#dfe7e4', '#b9c9c6');
      windowAt(c, 36, 40, ['#bfe0f5', '#eef7fb']);
      plant(c, 566, 286, Math.sin(t));
      shelf(c, 426, 120, ['#c0533e', '#d8a24a', '#35586c', '#7b9e87', '#41405e', '#e3d5b8', '#8b3f4d', '#35586c']);
      person(c, t, { phase: 0, skin: '#e6b38f', shade: '#cf9873', hair: '#4a2d20', shirt: '#2e6f6a', collar: '#245954', longHair: true, talks: true });
    }),
    evening: scaled((c, t) => {
      wall(c, '#3b4660', '#232a3d');
      lamp(c, 96, 96);
      shelf(c, 420, 150, ['#e0b45c', '#a84f3d', '#5d7fa3', '#d6d0c2', '#41675a', '#a84f3d', '#7c6a9b', '#5d7fa3']);
      rounded(c, 450, 190, 130, 96, 4, '#d9c7a4');
      rounded(c, 458, 198, 114, 80, 2, '#6f93a8');
      oval(c, 520, 266, 42, 30, '#3e6b62');
      person(c, t, { phase: 2, skin: '#f0c7a5', shade: '#d7a885', hair: '#b8733a', shirt: '#c9573f', collar: '#a84531', beard: true, glasses: true });
    }),
    kitchen: scaled((c, t) => {
      wall(c, '#f3dfc2', '#e2bf95');
      rounded(c, 0, 40, 180, 120, 6, '#fbf3e6');
      rounded(c, 186, 40, 92, 120, 6, '#fbf3e6');
      rounded(c, 160, 92, 6, 26, 3, '#b08a5b');
      windowAt(c, 440, 34, ['#ffe2b0', '#fff5df']);
      plant(c, 84, 300, Math.sin(t + 1));
      person(c, t, { phase: 4, skin: '#9a6443', shade: '#80502f', hair: '#1e1715', shirt: '#3d4f8f', collar: '#2f3d72', longHair: true });
    }),
  };
}
